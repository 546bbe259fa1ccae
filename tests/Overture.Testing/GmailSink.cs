using System.Buffers.Text;
using System.Collections.Concurrent;
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
    public const string ClientSecret = "overture-client-secret";
    public const string RefreshToken = "1//the-refresh-token";
    const string Mailbox = "/gmail/v1/users/me";
    const int PageSize = 2;

    readonly WebApplication app;
    readonly Lock gate = new();
    readonly List<GmailSinkMessage> messages = [];
    readonly Queue<GmailSinkFault> faults = new();
    readonly ConcurrentDictionary<string, GmailSinkFault> faultsAt = new();
    readonly GmailSinkConsent consent = new();
    int lastId = 1000;
    int issued;
    int ended;
    int firstHistory;
    bool isRevoked;

    GmailSink(WebApplication app) => this.app = app;

    /// <summary>The base address for the client's options.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The token endpoint.</summary>
    public Uri TokenUrl => new(Url, "/token");

    /// <summary>When what comes in or goes out next does so.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 2, 14, 4, 10, 11, TimeSpan.Zero);

    /// <summary>The clock by which it names a moment to come back.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Called with each request's method and path before it is answered.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Whose mailbox the consent opens.</summary>
    public string Owner { get; set; } = Address;

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
    public string Receive(string message) => Arrive(message, "INBOX", "UNREAD");

    /// <summary>A message appears, under these labels.</summary>
    public string Arrive(string message, params string[] labels)
    {
        lock (gate) return Add(Encoding.UTF8.GetBytes(message), null, labels).Id;
    }

    /// <summary>The access tokens handed out so far are refused from now on.</summary>
    public void EndTokens() => ended = TokensIssued;

    /// <summary>The person takes the consent back.</summary>
    public void Revoke() => isRevoked = true;

    /// <summary>The person consents anew.</summary>
    public void Restore() => isRevoked = false;

    /// <summary>A person deletes a message in the browser, or a draft.</summary>
    public void Remove(string id)
    {
        lock (gate) messages.RemoveAll(m => m.Id == id);
    }

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

    /// <summary>Misbehaves once, at the next call whose method and path end so.</summary>
    public void FaultAt(string path, GmailSinkFault fault) => faultsAt[path] = fault;

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
        if (Before is { } before) await before($"{context.Request.Method} {Path(context.Request)}");
        if (context.Request.Path.Value!.EndsWith("/v2/auth", StringComparison.Ordinal))
        {
            context.Response.Redirect(consent.Ask(context.Request.Query));
            return;
        }

        var (code, answer) = context.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal)
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

    /// <summary>The service's own path; below a root for all services it stands under its name.</summary>
    static string Path(HttpRequest request)
    {
        var path = request.Path.Value!;
        return path.StartsWith("/gmail/gmail/", StringComparison.Ordinal)
            || path.StartsWith("/gmail/upload/", StringComparison.Ordinal) ? path["/gmail".Length..] : path;
    }

    (int Code, object? Answer) Token(string form)
    {
        if (form.Contains("grant_type=authorization_code", StringComparison.Ordinal))
            return consent.Redeem(form)
                ? (200, new
                {
                    access_token = $"token-{Interlocked.Increment(ref issued)}", expires_in = 3599,
                    refresh_token = RefreshToken, token_type = "Bearer",
                })
                : (400, new { error = "invalid_grant", error_description = "Bad Request" });
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
        if (!IsGood(request.Headers.Authorization.ToString()))
            return Error(401, "authError", "Invalid Credentials");
        if (NextFault(request) is not { } fault) return Obey(request, body);
        switch (fault)
        {
            case GmailSinkFault.TooFast:
                return Error(403, "userRateLimitExceeded", "User-rate limit exceeded.");
            case GmailSinkFault.TooMany:
                var later = Time.GetUtcNow().AddHours(3).UtcDateTime.ToString(
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

    /// <summary>Several tokens are good at a time: each process asks for its own.</summary>
    bool IsGood(string authorization) =>
        authorization.StartsWith("Bearer token-", StringComparison.Ordinal)
        && int.TryParse(authorization["Bearer token-".Length..], CultureInfo.InvariantCulture, out var number)
        && number > ended && number <= TokensIssued;

    GmailSinkFault? NextFault(HttpRequest request)
    {
        var call = $"{request.Method} {Path(request)}";
        var at = faultsAt.Keys.FirstOrDefault(end => call.EndsWith(end, StringComparison.Ordinal));
        return at is not null && faultsAt.TryRemove(at, out var there) ? there
            : faults.TryDequeue(out var fault) ? fault : null;
    }

    (int Code, object? Answer) Obey(HttpRequest request, byte[] body)
    {
        var path = Path(request);
        var last = path[(path.LastIndexOf('/') + 1)..];
        var route = path.StartsWith("/upload", StringComparison.Ordinal) ? "upload"
            : path.Length > Mailbox.Length ? path[(Mailbox.Length + 1)..].Split('/')[0] : "";
        lock (gate)
        {
            return (request.Method, route, last) switch
            {
                ("GET", "profile", _) => (200, new { emailAddress = Owner, historyId = $"{lastId}" }),
                ("POST", "upload", _) => Draft(GmailSinkUpload.Read(body)),
                ("POST", "drafts", "drafts") => Draft(GmailSinkUpload.ReadJson(body)),
                ("POST", "drafts", "send") => Send(JsonDocument.Parse(body).RootElement),
                ("GET", "drafts", "drafts") => (200, DraftsLike(request.Query)),
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

    object DraftsLike(IQueryCollection query)
    {
        object[] drafts =
            [.. messages.Where(m => m.Labels.Contains("DRAFT") && IsWanted(m, query)).Select(Shown)];
        return drafts.Length == 0 ? new { resultSizeEstimate = 0 } : new { drafts };
    }

    object Search(IQueryCollection query)
    {
        var skipped = Number(query["pageToken"]);
        var found = messages.Where(m => !m.Labels.Contains("DRAFT") && IsWanted(m, query)
            && (query["labelIds"].Count == 0 || m.Labels.Contains(query["labelIds"].ToString())))
            .Reverse().Skip(skipped).ToList();
        object[] list = [.. found.Take(PageSize).Select(Named)];
        var next = found.Count > PageSize ? $"{skipped + PageSize}" : null;
        return list.Length == 0
            ? new { resultSizeEstimate = 0 }
            : new { messages = list, nextPageToken = next };
    }

    /// <summary>The few words of Gmail's search that are asked here.</summary>
    static bool IsWanted(GmailSinkMessage message, IQueryCollection query) =>
        query["q"].ToString().Split(' ').All(word => word.Split(':') switch
        {
            ["rfc822msgid", var id] => message.MessageId?.Trim('<', '>') == id,
            ["after", var since] => message.At.ToUnixTimeSeconds() > long.Parse(
                since, CultureInfo.InvariantCulture),
            ["-in", var place] => !message.Labels.Contains(
                place.TrimEnd('s').ToUpperInvariant()),
            _ => true,
        });

    static int Number(Microsoft.Extensions.Primitives.StringValues text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

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
            id, threadId ?? id, labels, number, bytes, MimeReader.Read(bytes).MessageId, Now);
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
        internalDate = $"{m.At.ToUnixTimeMilliseconds()}",
        raw = Base64Url.EncodeToString(m.Bytes),
    };

    static (int Code, object? Answer) Gone() => Error(404, "notFound", "Requested entity was not found.");

    static (int Code, object? Answer) Error(int code, string reason, string message) => (code, new
    {
        error = new { code, message, errors = new[] { new { message, domain = "global", reason } } },
    });
}
