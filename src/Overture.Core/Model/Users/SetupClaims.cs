using System.Net.Mail;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What the first owner tells at setup.</summary>
public sealed record Owner(string Name, string Email, string Password, string WorkspaceName, string TimeZone);

/// <summary>
/// The first run: a one-time link, printed where only the operator sees it, makes the first owner. Once a
/// user exists no link is made or accepted any more.
/// </summary>
public sealed class SetupClaims(Database database, SignIns signIns, TimeProvider time)
{
    public static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);
    const int LongestName = 200;
    const int LongestEmail = 254;

    public Task<bool> IsClaimed(CancellationToken cancel) =>
        database.InInstance(s => UserStore.Any(s, cancel), cancel);

    /// <summary>A new token for the link; earlier unused ones end.</summary>
    public Task<string> NewToken(CancellationToken cancel) => database.InInstance(
        async session =>
        {
            await SetupClaimStore.Lock(session, cancel);
            if (await UserStore.Any(session, cancel)) throw Claimed();
            var (token, now) = (SecretToken.Create(), time.GetUtcNow());
            await SetupClaimStore.Replace(session, SecretToken.Hash(token)!, now, now + LinkLife, cancel);
            return token;
        },
        cancel);

    public async Task<bool> IsOpen(string? token, CancellationToken cancel) =>
        SecretToken.Hash(token) is { } hash
        && await database.InInstance(s => SetupClaimStore.IsOpen(s, hash, time.GetUtcNow(), cancel), cancel);

    /// <summary>Makes the owner and their workspace, uses the link up, and signs the owner in.</summary>
    public async Task<string> Claim(string? token, Owner owner, CancellationToken cancel)
    {
        Check(owner);
        // The link is looked at before the costly hash, and used up in the transaction that makes the owner.
        if (!await IsOpen(token, cancel)) throw Closed();
        var hash = await PasswordHash.Create(owner.Password, cancel);
        return await database.InInstance(
            async session =>
            {
                await SetupClaimStore.Lock(session, cancel);
                if (await UserStore.Any(session, cancel)) throw Claimed();
                var now = time.GetUtcNow();
                if (await SetupClaimStore.Use(session, SecretToken.Hash(token)!, now, cancel) == 0)
                    throw Closed();
                var userId = await UserStore.Add(
                    session, SignIns.Normalize(owner.Email), owner.Name.Trim(), hash, now, cancel);
                var workspaces = await WorkspacesFor(session, owner, now, cancel);
                foreach (var id in workspaces)
                    await UserStore.AddMembership(session, id, userId, Role.Owner, now, cancel);
                return await signIns.Start(session, workspaces[0], userId, cancel);
            },
            cancel);
    }

    // Workspaces made on the command line before the claim belong to the first owner; the first of them takes
    // the name and the time zone of the form.
    static async Task<IReadOnlyList<long>> WorkspacesFor(
        Session session, Owner owner, DateTimeOffset now, CancellationToken cancel)
    {
        var waiting = await WorkspaceStore.All(session, cancel);
        if (waiting.Count == 0)
            return [await WorkspaceStore.Add(
                session, owner.WorkspaceName.Trim(), owner.TimeZone, now, cancel)];
        await WorkspaceStore.SetDetails(
            session, waiting[0].Id, owner.WorkspaceName.Trim(), owner.TimeZone, cancel);
        return [.. waiting.Select(workspace => workspace.Id)];
    }

    static void Check(Owner owner)
    {
        if (owner.Name.Trim().Length is 0 or > LongestName)
            throw new RuleBroken("name_missing", "Tell us your name.", "name");
        var email = owner.Email.Trim();
        if (email.Length > LongestEmail || !MailAddress.TryCreate(email, out var parsed)
            || parsed.Address != email)
            throw new RuleBroken(
                "email_invalid", "This is not an e-mail address. Example: ada@example.com", "email");
        Workspaces.CheckName(owner.WorkspaceName);
        Workspaces.CheckTimeZone(owner.TimeZone);
        PasswordRules.Check(owner.Password, email, owner.Name);
    }

    static RuleBroken Closed() => new(
        "setup_link_closed",
        "This setup link is unknown, used or older than 24 hours. Print a new one with: overture setup-link");

    static RuleBroken Claimed() =>
        new("already_claimed", "This instance has its owner already. Sign in instead.");
}
