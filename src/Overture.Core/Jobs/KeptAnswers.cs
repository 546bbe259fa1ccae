using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Overture.Core.Data;

namespace Overture.Core.Jobs;

/// <summary>
/// Lets a request with a key happen once: who sends it again gets the answer of the first time. Who is at a
/// request holds it as a node, whose death is known at once; see <see cref="Node"/>.
/// </summary>
public sealed class KeptAnswers(Database database, SecretBox secrets, TimeProvider time) : IAsyncDisposable
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>Of a larger answer only the fact is kept.</summary>
    public const int MostBytes = 1024 * 1024;

    const string Roles = "requests";
    const int AtOnce = 1_000;

    /// <summary>What this process is at; so the database need not tell two of its requests apart.</summary>
    readonly ConcurrentDictionary<RequestKey, bool> running = new();

    readonly SemaphoreSlim joining = new(1);

    Node? node;

    /// <summary>
    /// Whose turn it is; ours ends with <see cref="Keep"/> or <see cref="GiveBack"/>. Nothing here is
    /// cancelled: a claim whose claimant has left would hold up the one who asks again.
    /// </summary>
    public async Task<RequestTurn> Begin(RequestKey key)
    {
        if (!running.TryAdd(key, true)) return new RequestTurn();
        var turn = new RequestTurn();
        try
        {
            turn = await Claim(key, await Joined());
            return turn;
        }
        finally
        {
            if (turn.Node is null) running.TryRemove(key, out _);
        }
    }

    /// <summary>
    /// The request is done. Where this fails the key stays ours: the request must not be done once more.
    /// </summary>
    public async Task Keep(
        RequestKey key, int node, byte[] requestHash, int code, string? contentType, string? location,
        byte[] body)
    {
        var sealedBody = body.Length > MostBytes ? null : secrets.Seal(body, Place(key));
        var answer = new KeptAnswer(Now, requestHash, code, contentType, location, sealedBody);
        await database.InWorkspace(
            key.WorkspaceId,
            session => KeptAnswerStore.Keep(session, key.Caller, Hash(key), node, answer, default), default);
        running.TryRemove(key, out _);
    }

    /// <summary>The request came to nothing; the next one with this key is carried out.</summary>
    public async Task GiveBack(RequestKey key, int node)
    {
        try
        {
            await database.InWorkspace(
                key.WorkspaceId,
                session => KeptAnswerStore.GiveBack(session, key.Caller, Hash(key), node, default), default);
        }
        finally
        {
            running.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets what is older than a day.</summary>
    public async Task Forget(CancellationToken cancel)
    {
        while (await database.InInstance(
            session => KeptAnswerStore.Forget(session, Now - KeptFor, AtOnce, cancel), cancel) > 0)
        {
            // One commit for each thousand.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null) await node.DisposeAsync();
        joining.Dispose();
    }

    DateTime Now => time.GetUtcNow().UtcDateTime;

    Task<RequestTurn> Claim(RequestKey key, int node) => database.InWorkspace(
        key.WorkspaceId,
        async session =>
        {
            var hash = Hash(key);
            if (await KeptAnswerStore.Claim(
                session, key.Caller, hash, node, Now, Now - KeptFor, default)) return new RequestTurn(node);
            var answer = await KeptAnswerStore.Find(session, key.Caller, hash, default);
            return new RequestTurn(Answer: answer is { Body: { } body }
                ? answer with { Body = secrets.Open(body, Place(key)) } : answer);
        },
        default);

    async Task<int> Joined()
    {
        await joining.WaitAsync();
        try
        {
            if (node is not null && await node.IsHeld(default)) return node.Id;
            if (node is not null) await node.DisposeAsync();
            node = null;
            node = await Node.Join(database, Roles, time, default);
            return node.Id;
        }
        finally
        {
            joining.Release();
        }
    }

    static byte[] Hash(RequestKey key) => SHA256.HashData(Encoding.UTF8.GetBytes(key.Key));

    static SecretPlace Place(RequestKey key) => new(
        "kept_answers", "body", $"{key.Caller}|{Convert.ToHexStringLower(Hash(key))}", key.WorkspaceId);
}
