using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Overture.Mail;

namespace Overture.Testing;

/// <summary>
/// One played Gmail mailbox and its token endpoint over real HTTP on loopback: drafts that vanish when they
/// are sent, a history, and the refusals of the real one on demand. What it holds is what was sent.
/// </summary>
public sealed class GmailSink : IAsyncDisposable
{
    public const string Address = "anna@overture.example";
    public const string ClientId = "overture-client";
    public const string RefreshToken = "1//the-refresh-token";
    const string Mailbox = "/gmail/v1/users/me";
    const int PageSize = 2;

    readonly WebApplication app;
    readonly Lock gate = new();
    readonly List<GmailSinkMessage> messages = [];
    readonly Queue<GmailSinkFault> faults = new();
    int lastId = 1000;
    int issued;
    int firstHistory;
    bool isRevoked;

    GmailSink(WebApplication app) => this.app = app;

    /// <summary>The base address for the client's options.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The token endpoint.</summary>
    public Uri TokenUrl => new(Url, "/token");

    /// <summary>Everything in the mailbox, drafts too, oldest first.</summary>
    public IReadOnlyList<GmailSinkMessage> Messages
    {
        get
        {
            lock (gate) return [.. messages];
        }
    }

    /// <summary>The messages that were sent.</summary>
    public IReadOnlyList<GmailSinkMessage> Sent => [.. Messages.Where(m => m.Labels.Contains("SENT"))];

    /// <summary>How many access tokens were handed out.</summary>
    public int TokensIssued => Volatile.Read(ref issued);

    public static async Task<GmailSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var host = builder.Build();
        var sink = new GmailSink(host);
        host.Run(sink.Answer);
        await host.StartAsync();
        var addresses =
            host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        sink.Url = new Uri(addresses.First());
        return sink;
    }

    /// <summary>A message from outside arrives in the inbox.</summary>
    public string Receive(string message)
    {
        lock (gate) return Add(Encoding.UTF8.GetBytes(message), null, "INBOX", "UNREAD").Id;
    }

    /// <summary>The access tokens handed out so far are refused from now on.</summary>
    public void EndTokens() => Interlocked.Increment(ref issued);

    /// <summary>The person takes the consent back.</summary>
    public void Revoke() => isRevoked = true;

    /// <summary>Forgets the history so far, as Gmail does after about a week.</summary>
    public void ExpireHistory()
    {
        lock (gate) firstHistory = ++lastId;
    }

    /// <summary>Misbehaves at the next call, once each.</summary>
    public void Fault(params ReadOnlySpan<GmailSinkFault> next)
    {
        foreach (var fault in next) faults.Enqueue(fault);
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource();
        await hurry.CancelAsync();
        await app.StopAsync(hurry.Token);
        await app.DisposeAsync();
    }

    async Task Answer(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var (code, answer) = context.Request.Path == "/token"
            ? Token(Encoding.UTF8.GetString(body.ToArray()))
            : Mail(context.Request, body.ToArray());
        if (code == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = code;
        if (answer is null) return;
        context.Response.ContentType = "application/json; charset=UTF-8";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer);
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    (int Code, object? Answer) Token(string form)
    {
        var isRight = form.Contains("grant_type=refresh_token", StringComparison.Ordinal)
            && form.Contains(Uri.EscapeDataString(RefreshToken), StringComparison.Ordinal);
        if (!form.Contains("client_id=" + ClientId, StringComparison.Ordinal))
            return (401, new { error = "invalid_client", error_description = "No such OAuth client." });
        return isRight && !isRevoked
            ? (200, new
            {
                access_token = $"token-{Interlocked.Increment(ref issued)}",
                expires_in = 3599,
                token_type = "Bearer",
            })
            : (
                400,
                new { error = "invalid_grant", error_description = "Token has been expired or revoked." });
    }

    (int Code, object? Answer) Mail(HttpRequest request, byte[] body)
    {
        if (request.Headers.Authorization != $"Bearer token-{issued}")
            return Error(401, "authError", "Invalid Credentials");
        if (!faults.TryDequeue(out var fault)) return Obey(request, body);
        switch (fault)
        {
            case GmailSinkFault.TooFast:
                return Error(403, "userRateLimitExceeded", "User-rate limit exceeded.");
            case GmailSinkFault.TooMany:
                var later = TimeProvider.System.GetUtcNow().AddHours(3).UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                return Error(429, "rateLimitExceeded", "User-rate limit exceeded.  Retry after " + later);
            case GmailSinkFault.DayIsOver:
                return Error(403, "dailyLimitExceeded", "Daily Limit Exceeded");
            case GmailSinkFault.LoseAnswer:
                Obey(request, body);
                return default;
            case GmailSinkFault.LoseQuestion:
                return default;
            default:
                return Error(503, "backendError", "The service is currently unavailable.");
        }
    }

    (int Code, object? Answer) Obey(HttpRequest request, byte[] body)
    {
        var path = request.Path.Value!;
        var last = path[(path.LastIndexOf('/') + 1)..];
        var route = path.StartsWith("/upload", StringComparison.Ordinal) ? "upload"
            : path.Length > Mailbox.Length ? path[(Mailbox.Length + 1)..].Split('/')[0] : "";
        lock (gate)
        {
            return (request.Method, route, last) switch
            {
                ("GET", "profile", _) => (200, new { emailAddress = Address, historyId = $"{lastId}" }),
                ("POST", "upload", _) => Draft(GmailSinkUpload.Read(body)),
                ("POST", "drafts", "drafts") => Draft(GmailSinkUpload.ReadJson(body)),
                ("POST", "drafts", "send") => Send(JsonDocument.Parse(body).RootElement),
                ("GET", "drafts", _) => Find(last) is { } draft ? (200, Shown(draft)) : Gone(),
                ("DELETE", "drafts", _) => Find(last) is { } draft && messages.Remove(draft)
                    ? (204, null)
                    : Gone(),
                ("GET", "messages", "messages") => (200, Search(request.Query)),
                ("GET", "messages", _) => messages.Find(m => m.Id == last) is { } one
                    ? (200, Raw(one))
                    : Gone(),
                ("GET", "history", _) => History(
                    request.Query["startHistoryId"]!, request.Query["pageToken"]!),
                _ => Gone(),
            };
        }
    }

    (int Code, object? Answer) Draft((byte[] Bytes, string? ThreadId) draft) =>
        (200, Shown(Add(draft.Bytes, draft.ThreadId, "DRAFT")));

    // As it is sent, the draft goes and a new message comes, with a name of its own.
    (int Code, object? Answer) Send(JsonElement asked)
    {
        if (Find(asked.GetProperty("id").GetString()!) is not { } draft) return Gone();
        messages.Remove(draft);
        return (200, Named(Add(draft.Bytes, draft.ThreadId, "SENT")));
    }

    object Search(IQueryCollection query)
    {
        var wanted = query["q"].ToString().Replace("rfc822msgid:", "", StringComparison.Ordinal);
        var found = messages.Where(m => !m.Labels.Contains("DRAFT")
            && m.MessageId?.Trim('<', '>') == wanted
            && (query["labelIds"].Count == 0 || m.Labels.Contains(query["labelIds"].ToString())));
        object[] list = [.. found.Select(Named)];
        return list.Length == 0 ? new { resultSizeEstimate = 0 } : new { messages = list };
    }

    (int Code, object? Answer) History(string start, string? page)
    {
        var from = int.Parse(start, CultureInfo.InvariantCulture);
        if (from < firstHistory) return Gone();
        var skipped = string.IsNullOrEmpty(page) ? 0 : int.Parse(page, CultureInfo.InvariantCulture);
        var added = messages.Where(m => m.History > from).Skip(skipped).ToList();
        object[] changes = [.. added.Take(PageSize).Select(
            m => new { id = $"{m.History}", messagesAdded = new[] { new { message = Named(m) } } })];
        var next = added.Count > PageSize ? $"{skipped + PageSize}" : null;
        return (200, changes.Length == 0
            ? new { historyId = $"{lastId}" }
            : new { history = changes, nextPageToken = next, historyId = $"{lastId}" });
    }

    GmailSinkMessage Add(byte[] bytes, string? threadId, params string[] labels)
    {
        var number = ++lastId;
        var id = $"{number:x16}";
        var message = new GmailSinkMessage(
            id, threadId ?? id, labels, number, bytes, MimeReader.Read(bytes).MessageId);
        messages.Add(message);
        return message;
    }

    GmailSinkMessage? Find(string draftId) =>
        messages.Find(m => "r" + m.Id == draftId && m.Labels.Contains("DRAFT"));

    static object Named(GmailSinkMessage m) => new { id = m.Id, threadId = m.ThreadId, labelIds = m.Labels };

    static object Shown(GmailSinkMessage m) => new { id = "r" + m.Id, message = Named(m) };

    static object Raw(GmailSinkMessage m) => new
    {
        id = m.Id,
        threadId = m.ThreadId,
        labelIds = m.Labels,
        historyId = $"{m.History}",
        internalDate = "1771042211000",
        raw = Base64Url.EncodeToString(m.Bytes),
    };

    static (int Code, object? Answer) Gone() => Error(404, "notFound", "Requested entity was not found.");

    static (int Code, object? Answer) Error(int code, string reason, string message) => (code, new
    {
        error = new { code, message, errors = new[] { new { message, domain = "global", reason } } },
    });
}

/// <summary>A message in the played mailbox.</summary>
public sealed record GmailSinkMessage(
    string Id, string ThreadId, IReadOnlyList<string> Labels, int History, byte[] Bytes, string? MessageId);

/// <summary>The ways to misbehave at one call.</summary>
public enum GmailSinkFault
{
    /// <summary>403, too fast.</summary>
    TooFast,

    /// <summary>429 that names a moment hours away.</summary>
    TooMany,

    /// <summary>403, the day's allowance is used up.</summary>
    DayIsOver,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>Cuts the connection before doing anything.</summary>
    LoseQuestion,

    /// <summary>Does what was asked and cuts the connection instead of answering.</summary>
    LoseAnswer,
}

/// <summary>Reads the two forms in which a draft comes.</summary>
static class GmailSinkUpload
{
    public static (byte[] Bytes, string? ThreadId) ReadJson(byte[] body)
    {
        var message = JsonDocument.Parse(body).RootElement.GetProperty("message");
        return (Base64Url.DecodeFromChars(message.GetProperty("raw").GetString()), ThreadOf(message));
    }

    public static (byte[] Bytes, string? ThreadId) Read(byte[] body)
    {
        var text = Encoding.Latin1.GetString(body);
        var boundary = text[..text.IndexOf('\r')];
        var parts = text.Split(boundary);
        var data = parts[1][(parts[1].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var message = parts[2][(parts[2].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..^2];
        return (Encoding.Latin1.GetBytes(message),
            ThreadOf(JsonDocument.Parse(data).RootElement.GetProperty("message")));
    }

    static string? ThreadOf(JsonElement message) =>
        message.TryGetProperty("threadId", out var thread) ? thread.GetString() : null;
}
