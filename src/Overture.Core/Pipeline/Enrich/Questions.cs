using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Providers.Apollo;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>Who asks: the workspace that pays, and the node whose life the question hangs on.</summary>
public sealed record Asker(long WorkspaceId, int Node);

/// <summary>How a question ended.</summary>
public enum ReplyKind
{
    /// <summary>There is a value.</summary>
    Found,

    /// <summary>The service knows nothing, or was asked nonsense.</summary>
    Nothing,

    /// <summary>The person objected to being processed.</summary>
    Blocked,

    /// <summary>It may have been paid, but nobody heard the answer.</summary>
    Lost,

    /// <summary>Somebody else is asking the same at this moment.</summary>
    Busy,

    /// <summary>The service could not be asked now.</summary>
    Unavailable,
}

/// <summary>The outcome of a question.</summary>
public sealed record Reply<T>(ReplyKind Kind, T? Value = default)
{
    public long? RawRecordId { get; init; }

    /// <summary>When the service said so; an answer kept from earlier keeps its time.</summary>
    public DateTime At { get; init; }

    public bool IsKept { get; init; }

    public ProviderFailure? Failure { get; init; }
}

/// <summary>
/// Puts questions that cost something. A question is written down before it is asked and keeps its answer, so
/// the same one is not paid for twice, whatever crashes in between.
/// </summary>
public sealed class Questions(Database database, TimeProvider time)
{
    static readonly TimeSpan KeepAnswer = TimeSpan.FromDays(90);
    static readonly TimeSpan KeepVerification = TimeSpan.FromDays(30);
    static readonly TimeSpan KeepSearch = TimeSpan.FromDays(1);
    static readonly TimeSpan KeepNothing = TimeSpan.FromDays(30);
    static readonly TimeSpan KeepNonsense = TimeSpan.FromDays(1);
    static readonly TimeSpan KeepLost = TimeSpan.FromDays(30);

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How long an answer is believed, by what was asked.</summary>
    public static TimeSpan KeepFor(string operation) =>
        operation.Contains("verif", StringComparison.Ordinal) ? KeepVerification
        : operation.Contains("search", StringComparison.Ordinal) || operation is "serp" or "prospects"
            or "businesses" ? KeepSearch
        : KeepAnswer;

    /// <param name="asker">Who pays.</param>
    /// <param name="provider">Whom to ask.</param>
    /// <param name="operation">The call whose answer is kept, as the adapters name it.</param>
    /// <param name="question">What is asked; the same question has the same text.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="cancel">Gives up; a question in flight then counts as lost.</param>
    public async Task<Reply<T>> Ask<T>(
        Asker asker, string provider, string operation, object question,
        Func<CancellationToken, Task<ProviderResult<T>>> call, CancellationToken cancel)
        where T : class
    {
        var text = JsonSerializer.Serialize(question, Json);
        var (id, known) = await Open<T>(asker, provider, operation, text, cancel);
        if (known is not null) return known;
        var result = await call(cancel);
        // What was paid for is kept even when the node is just asked to stop.
        return await Close(asker, provider, operation, text, id, result, CancellationToken.None);
    }

    /// <summary>Lets lost questions of a provider be asked, and perhaps paid, once more.</summary>
    public Task<int> ForgetLost(long workspaceId, string provider, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => QuestionStore.ForgetLost(session, provider, cancel), cancel);

    async Task<(long Id, Reply<T>? Known)> Open<T>(
        Asker asker, string provider, string operation, string text, CancellationToken cancel)
        where T : class
    {
        var now = time.GetUtcNow().UtcDateTime;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        await using var session = await database.Open(asker.WorkspaceId, cancel);
        var added = await QuestionStore.Insert(
            session, provider, operation, hash, text, asker.Node, now, cancel);
        if (added is { } id)
        {
            await session.Commit(cancel);
            return (id, null);
        }

        // Deleted in between by another asker: it certainly cost nothing, so it is asked next time.
        if (await QuestionStore.Hold(session, provider, operation, hash, now, cancel) is not { } standing)
            return (0, new Reply<T>(ReplyKind.Busy));
        if (standing is { State: QuestionState.Asking, IsAskerAlive: true })
            return (0, new Reply<T>(ReplyKind.Busy));
        if (standing.IsExpired || (IsFree(provider, operation)
            && standing.State is QuestionState.Asking or QuestionState.Lost))
        {
            await QuestionStore.AskAgain(session, standing.Id, asker.Node, now, cancel);
            await session.Commit(cancel);
            return (standing.Id, null);
        }

        if (standing.State == QuestionState.Asking)
        {
            await QuestionStore.Settle(
                session, standing.Id, QuestionState.Lost, null, null, now, now + KeepLost, cancel);
            await session.Commit(cancel);
        }

        return (standing.Id, Known<T>(standing, now));
    }

    /// <summary>What costs nothing is asked again when its answer was lost.</summary>
    static bool IsFree(string provider, string operation) =>
        provider == ApolloOptions.Provider && operation == "people_search";

    static Reply<T> Known<T>(Question standing, DateTime now)
        where T : class =>
        standing.State switch
        {
            QuestionState.Answered => new Reply<T>(
                ReplyKind.Found, JsonSerializer.Deserialize<T>(standing.Answer!, Json))
            {
                RawRecordId = standing.RawRecordId, At = standing.AnsweredAt ?? now, IsKept = true,
            },
            QuestionState.Nothing => new Reply<T>(ReplyKind.Nothing) { IsKept = true },
            QuestionState.Blocked => new Reply<T>(ReplyKind.Blocked) { IsKept = true },
            _ => new Reply<T>(ReplyKind.Lost) { IsKept = true },
        };

    async Task<Reply<T>> Close<T>(
        Asker asker, string provider, string operation, string text, long id, ProviderResult<T> result,
        CancellationToken cancel)
        where T : class
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var session = await database.Open(asker.WorkspaceId, cancel);
        long? rawId = null;
        if (result.Raw is { } raw && (result.IsOk || result.Failure!.Kind == FailureKind.Malformed))
            rawId = await FactStore.KeepRaw(
                session, provider, ExternalId(operation, text), raw.Address.GetLeftPart(UriPartial.Path),
                raw.MediaType, raw.Body, now, cancel, operation);
        var kind = KindOf(result.Failure);
        if (kind == ReplyKind.Lost && IsFree(provider, operation)) kind = ReplyKind.Unavailable;
        if (kind == ReplyKind.Unavailable) await QuestionStore.Delete(session, id, cancel);
        else
            await QuestionStore.Settle(
                session, id, StateOf(kind),
                result.IsOk ? JsonSerializer.Serialize(result.Value, Json) : null, rawId, now,
                ExpiresAt(kind, operation, result.Failure, now), cancel);
        await session.Commit(cancel);
        return new Reply<T>(kind, result.IsOk ? result.Value : null)
        {
            RawRecordId = rawId, At = now, Failure = result.Failure,
        };
    }

    /// <summary>Whatever surely was not billed may be asked again; whatever perhaps was may not.</summary>
    static ReplyKind KindOf(ProviderFailure? failure) => failure switch
    {
        null => ReplyKind.Found,
        { Kind: FailureKind.NotFound or FailureKind.InvalidRequest } => ReplyKind.Nothing,
        { Kind: FailureKind.Blocked } => ReplyKind.Blocked,
        { IsFateUnknown: true } or { Kind: FailureKind.Malformed, HttpCode: >= 200 and < 300 } =>
            ReplyKind.Lost,
        _ => ReplyKind.Unavailable,
    };

    static QuestionState StateOf(ReplyKind kind) => kind switch
    {
        ReplyKind.Found => QuestionState.Answered,
        ReplyKind.Nothing => QuestionState.Nothing,
        ReplyKind.Blocked => QuestionState.Blocked,
        _ => QuestionState.Lost,
    };

    static DateTime? ExpiresAt(ReplyKind kind, string operation, ProviderFailure? failure, DateTime now) =>
        kind switch
        {
            ReplyKind.Found => now + KeepFor(operation),
            ReplyKind.Nothing when failure!.Kind == FailureKind.InvalidRequest => now + KeepNonsense,
            ReplyKind.Nothing => now + KeepNothing,
            ReplyKind.Lost => now + KeepLost,
            _ => null,
        };

    static string ExternalId(string operation, string text) =>
        $"{operation}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]}";
}
