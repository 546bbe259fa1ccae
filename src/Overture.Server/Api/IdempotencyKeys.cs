using System.Security.Cryptography;
using System.Text;
using Overture.Core.Jobs;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>
/// A POST with an Idempotency-Key is carried out once; sent again, it gets the answer of the first time
/// (draft-ietf-httpapi-idempotency-key-header). Bodies pass by and are hashed on their way, whatever their
/// size; the answer, which may hold secrets, is kept sealed.
/// </summary>
static class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotent-Replayed";
    public const int LongestKey = 256;
    const string TryAgainAfterSeconds = "1";

    /// <summary>
    /// From here on (499 is “cancelled”) the request came to nothing, and may succeed the next time.
    /// </summary>
    const int FirstFailure = 499;

    public static void UseIdempotencyKeys(this WebApplication app)
    {
        var answers = app.Services.GetRequiredService<KeptAnswers>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Overture.Requests");
        app.Use(async (http, next) =>
        {
            if (http.IsDryRun() || PostEffects.Of(http.GetEndpoint()) is not { } effect) await next(http);
            else if (Refusal(http, effect) is { } refusal) await TroubleAnswers.Write(http, refusal);
            else if (effect == PostEffect.Nothing || KeyOf(http) is not { } key) await next(http);
            else await Once(http, next, answers, key, log);
        });
    }

    static Trouble? Refusal(HttpContext http, PostEffect effect)
    {
        var given = http.Request.Headers[Header];
        if (given.Count == 0)
            return effect == PostEffect.Sends && http.KeyId() is not null
                ? new(400, ExitCode.Usage, "idempotency_key_missing",
                    $"This may send messages, so it needs an {Header}: a text of your own choice, such as a "
                    + "UUID, the same whenever you repeat this one request.")
                : null;
        return given is [{ Length: > 0 and <= LongestKey } key] && key.All(char.IsAscii)
            && !key.Any(char.IsControl)
            ? null
            : new(400, ExitCode.Usage, "idempotency_key_unusable",
                $"An {Header} is one text of 1 to {LongestKey} ASCII characters.");
    }

    static RequestKey? KeyOf(HttpContext http) => http.Request.Headers[Header] is [{ } key]
        ? new(
            http.Caller().WorkspaceId,
            http.KeyId() is { } id ? $"key {id}" : $"user {http.Caller().UserId}", key)
        : null;

    static async Task Once(
        HttpContext http, RequestDelegate next, KeptAnswers answers, RequestKey key, ILogger log)
    {
        var turn = await answers.Begin(key);
        if (turn.Node is { } node)
            await CarryOut(http, next, answers, key, node, log);
        else if (turn.Answer is { } answer)
            await Replay(http, answer);
        else
            await TroubleAnswers.Write(http, new(409, ExitCode.Refused, "request_in_flight",
                "A request with this key is still being carried out. Ask again in a moment."),
                TryAgainAfterSeconds);
    }

    // A caller who gives up waiting asks again. What it began must have ended by then in one way or the
    // other, so it goes on without the caller.
    static async Task CarryOut(
        HttpContext http, RequestDelegate next, KeptAnswers answers, RequestKey key, int node, ILogger log)
    {
        http.RequestAborted = CancellationToken.None;
        var (asked, told) = (http.Request.Body, http.Response.Body);
        using var written = new MemoryStream();
        byte[]? requestHash = null;
        try
        {
            using var hash = Begun(http.Request);
            await using var passing = new CryptoStream(asked, hash, CryptoStreamMode.Read, leaveOpen: true);
            (http.Request.Body, http.Response.Body) = (passing, written);
            await next(http);
            if (http.Response.StatusCode < FirstFailure) requestHash = await Finish(passing, hash);
        }
        finally
        {
            (http.Request.Body, http.Response.Body) = (asked, told);
            if (requestHash is null) await answers.GiveBack(key, node);
        }

        if (requestHash is not null) await Keep(http, answers, key, node, requestHash, written, log);
        written.Position = 0;
        if (written.Length > 0) await written.CopyToAsync(told);
    }

    // The answer is true and told even if it cannot be kept; the key is then not given back.
    static async Task Keep(
        HttpContext http, KeptAnswers answers, RequestKey key, int node, byte[] requestHash,
        MemoryStream written, ILogger log)
    {
        var answer = http.Response;
        try
        {
            await answers.Keep(
                key, node, requestHash, answer.StatusCode, answer.ContentType, answer.Headers.Location,
                written.ToArray());
        }
        catch (Exception lost) when (Trouble.From(lost).Http >= 500)
        {
            log.LogError(lost, "The answer to {RequestId} was not kept.", http.TraceIdentifier);
        }
    }

    static async Task Replay(HttpContext http, KeptAnswer answer)
    {
        using var hash = Begun(http.Request);
        await using var passing = new CryptoStream(
            http.Request.Body, hash, CryptoStreamMode.Read, leaveOpen: true);
        if (await Finish(passing, hash) is not { } requestHash
            || !requestHash.SequenceEqual(answer.RequestHash))
            await TroubleAnswers.Write(http, new(422, ExitCode.Usage, "idempotency_key_reused",
                "This key was used for another request. The same key means the same address and the same "
                + "body; take a new key for a new request."));
        else if (answer.Body is not { } body)
            await TroubleAnswers.Write(http, new(409, ExitCode.Refused, "answer_not_kept",
                $"This request was carried out at {answer.AnsweredAt:u} and is not repeated; "
                + "what it was told is not kept. Look at what it made instead."));
        else
            await Tell(http.Response, answer, body);
    }

    static async Task Tell(HttpResponse response, KeptAnswer answer, byte[] body)
    {
        response.StatusCode = answer.Code;
        response.ContentType = answer.ContentType;
        if (answer.Location is { } location) response.Headers.Location = location;
        response.Headers[ReplayedHeader] = "true";
        if (body.Length > 0) await response.Body.WriteAsync(body);
    }

    static SHA256 Begun(HttpRequest request)
    {
        var hash = SHA256.Create();
        var address = Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n");
        hash.TransformBlock(address, 0, address.Length, null, 0);
        return hash;
    }

    // Reads what nobody wanted to read; null when the body does not arrive as a whole.
    static async Task<byte[]?> Finish(CryptoStream passing, SHA256 hash)
    {
        try
        {
            await passing.CopyToAsync(Stream.Null);
            return hash.Hash;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
