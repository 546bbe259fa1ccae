using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// Browser sign-ins: made from a password, found again from the cookie's token, ended by sign-out.
/// </summary>
public sealed class SignIns(Database database, TimeProvider time)
{
    public static readonly TimeSpan LongestIdle = TimeSpan.FromHours(12);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(7);
    static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The token for the cookie. Every refusal reads the same, whether or not the address is known.
    /// </summary>
    public async Task<string> SignIn(string email, string password, CancellationToken cancel)
    {
        var user = await database.InInstance(s => UserStore.Find(s, Normalize(email), cancel), cancel);
        var right = await PasswordHash.Verify(password, user?.PasswordHash, cancel);
        if (user is null || !right || user.DisabledAt is not null) throw Refused();
        var renewed = PasswordHash.NeedsRenewal(user.PasswordHash)
            ? await PasswordHash.Create(password, cancel)
            : null;
        return await database.InInstance(
            async session =>
            {
                if (renewed is not null) await UserStore.SetPassword(session, user.Id, renewed, cancel);
                var workspaceId = await UserStore.FirstWorkspace(session, user.Id, cancel) ?? throw Refused();
                return await Start(session, workspaceId, user.Id, cancel);
            },
            cancel);
    }

    /// <summary>Who the token belongs to; null when it is unknown, idle too long, too old or ended.</summary>
    public async Task<Identity?> Find(string? token, CancellationToken cancel)
    {
        if (SecretToken.Hash(token) is not { } hash) return null;
        var now = time.GetUtcNow();
        return await database.InInstance(
            async session =>
            {
                var identity = await SignInStore.Find(session, hash, now, now - LongestIdle, cancel);
                if (identity is not null)
                    await SignInStore.Touch(session, hash, now, now - TouchInterval, cancel);
                return identity;
            },
            cancel);
    }

    public async Task SignOut(string? token, CancellationToken cancel)
    {
        if (SecretToken.Hash(token) is not { } hash) return;
        await using var session = await database.OpenInstance(cancel);
        await SignInStore.Remove(session, hash, cancel);
        await session.Commit(cancel);
    }

    /// <summary>A new password ends every sign-in of the user, the asking one too.</summary>
    public async Task ChangePassword(Identity by, string current, string wanted, CancellationToken cancel)
    {
        var user = await database.InInstance(s => UserStore.Find(s, by.Email, cancel), cancel);
        if (!await PasswordHash.Verify(current, user?.PasswordHash, cancel))
            throw new RuleBroken("wrong_password", "The current password is not right.", "current_password");
        await SetPassword(by.UserId, by.Email, by.Name, wanted, cancel);
    }

    /// <summary>
    /// For whoever has the machine: gives a user who lost theirs a new password and ends their sign-ins.
    /// </summary>
    public async Task ResetPassword(string email, string wanted, CancellationToken cancel)
    {
        var user = await database.InInstance(s => UserStore.Find(s, Normalize(email), cancel), cancel)
            ?? throw new RuleBroken(
                "not_found", $"There is no user “{email}”. “overture user list” shows who there is.");
        await SetPassword(user.Id, user.Email, user.Name, wanted, cancel);
    }

    /// <summary>Who can sign in, the first made first.</summary>
    public Task<IReadOnlyList<Member>> Members(CancellationToken cancel) =>
        database.InInstance(s => UserStore.Members(s, cancel), cancel);

    /// <summary>Deletes what can no longer be used; returns how many.</summary>
    public Task<int> RemoveExpired(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return database.InInstance(s => SignInStore.RemoveExpired(s, now, now - LongestIdle, cancel), cancel);
    }

    internal async Task<string> Start(
        Session session, long workspaceId, long userId, CancellationToken cancel)
    {
        var (token, now) = (SecretToken.Create(), time.GetUtcNow());
        await SignInStore.Add(
            session, SecretToken.Hash(token)!, workspaceId, userId, now, now + LongestLife, cancel);
        return token;
    }

    internal static string Normalize(string email) => email.Trim().ToLowerInvariant();

    async Task SetPassword(long userId, string email, string name, string wanted, CancellationToken cancel)
    {
        PasswordRules.Check(wanted, email, name);
        var hash = await PasswordHash.Create(wanted, cancel);
        await using var session = await database.OpenInstance(cancel);
        await UserStore.SetPassword(session, userId, hash, cancel);
        await SignInStore.RemoveAllOf(session, userId, cancel);
        await session.Commit(cancel);
    }

    static RuleBroken Refused() =>
        new("sign_in_refused", "This e-mail address and password do not belong together.");
}
