using System.Security.Cryptography;
using System.Text;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A key just made; the text is shown once and cannot be found again.</summary>
public sealed record NewApiKey(long Id, string Text);

/// <summary>Whose key it was and what it may do.</summary>
public sealed record ApiKeyUse(long KeyId, Identity Identity, IReadOnlyList<string> Scopes);

/// <summary>Keys for programs: made by an admin, checked on every request, revoked at once.</summary>
public sealed class ApiKeys(Database database, TimeProvider time)
{
    public const string ReadScope = "read";
    public const string WriteScope = "write";
    public const string AdminScope = "admin";
    const int LongestName = 200;
    static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);
    static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    public static IReadOnlyList<string> AllScopes { get; } = [ReadScope, WriteScope, AdminScope];

    public Task<NewApiKey> Create(
        Identity by, string name, IReadOnlyList<string> scopes, TimeSpan? life, CancellationToken cancel)
    {
        if (name.Trim().Length is 0 or > LongestName)
            throw new RuleBroken("name_missing", "Give the key a name that tells what uses it.", "name");
        if (scopes.Count == 0 || scopes.Except(AllScopes).FirstOrDefault() is not null)
            throw new RuleBroken(
                "scope_unknown", $"A key may have: {string.Join(", ", AllScopes)}.", "scopes");
        var key = ApiKeyText.Create();
        return database.InWorkspace(
            by.WorkspaceId,
            async session =>
            {
                var now = time.GetUtcNow();
                var id = await ApiKeyStore.Add(
                    session, name.Trim(), key, Hash(key), scopes, by.UserId, now, now + life, cancel);
                return new NewApiKey(id, key.ToString());
            },
            cancel);
    }

    public Task<IReadOnlyList<ApiKey>> All(Identity by, CancellationToken cancel) =>
        database.InWorkspace(by.WorkspaceId, s => ApiKeyStore.All(s, cancel), cancel);

    public Task Revoke(Identity by, long id, CancellationToken cancel) => database.InWorkspace(
        by.WorkspaceId,
        async session =>
        {
            if (await ApiKeyStore.Revoke(session, id, time.GetUtcNow(), cancel) == 0)
                throw RuleBroken.NotFound("API key", id);
        },
        cancel);

    /// <summary>On whose behalf the command line acts: the first owner of the workspace.</summary>
    public async Task<Identity> OwnerOf(long workspaceId, CancellationToken cancel) =>
        await database.InWorkspace(workspaceId, s => UserStore.FirstOwner(s, workspaceId, cancel), cancel)
            ?? throw new RuleBroken(
                "no_owner", "This workspace has no owner yet. Open the link of “overture setup-link” first.");

    /// <summary>
    /// Null for a key that is unknown, wrong, expired or revoked; all cost the same comparison.
    /// </summary>
    public async Task<ApiKeyUse?> Find(string? text, CancellationToken cancel)
    {
        if (ApiKeyText.Parse(text) is not { } key) return null;
        var now = time.GetUtcNow();
        return await database.InInstance(
            async session =>
            {
                var holder = await ApiKeyStore.FindUsable(session, key.PublicId, now, cancel);
                var same = CryptographicOperations.FixedTimeEquals(Hash(key), holder?.SecretHash ?? NoHash);
                if (holder is null || !same) return null;
                await ApiKeyStore.Touch(
                    session, holder.WorkspaceId, holder.KeyId, now, now - TouchInterval, cancel);
                return Use(holder);
            },
            cancel);
    }

    // A key never exceeds its maker: it may do the lesser of its scopes and the maker's role.
    static ApiKeyUse Use(ApiKeyHolder holder)
    {
        var granted = holder.Scopes.Contains(AdminScope) ? Role.Admin
            : holder.Scopes.Contains(WriteScope) ? Role.Member
            : Role.Viewer;
        var identity = new Identity
        {
            WorkspaceId = holder.WorkspaceId,
            WorkspaceName = holder.WorkspaceName,
            UserId = holder.UserId,
            Email = holder.Email,
            Name = holder.Name,
            Role = granted < holder.Role ? granted : holder.Role,
        };
        return new ApiKeyUse(holder.KeyId, identity, holder.Scopes);
    }

    static byte[] Hash(ApiKeyText key) => SHA256.HashData(Encoding.ASCII.GetBytes(key.Secret));
}
