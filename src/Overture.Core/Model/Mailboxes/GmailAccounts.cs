using System.Security.Cryptography;
using System.Text;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A question to a person: what comes back with the answer, and what only we know.</summary>
public sealed record GmailConsent(string State, string Verifier);

/// <summary>What a person may do with the grant to a Gmail mailbox.</summary>
public sealed class GmailAccounts(Database database, SecretBox secrets, TimeProvider time)
{
    const int LongestClientId = 200;

    /// <summary>Long enough to sign in at Google and to read what is asked.</summary>
    static readonly TimeSpan ConsentLife = TimeSpan.FromMinutes(15);

    static readonly TimeSpan LooksBack = TimeSpan.FromDays(14);

    public Task<GmailAccount?> Find(long workspaceId, long mailboxId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => GmailAccountStore.Find(session, mailboxId, cancel), cancel);

    /// <summary>Keeps the registration at Google; an empty secret leaves the kept one.</summary>
    public Task Register(
        long workspaceId, long mailboxId, string? clientId, string? clientSecret, CancellationToken cancel)
    {
        clientId = clientId?.Trim();
        if (string.IsNullOrEmpty(clientId) || clientId.Length > LongestClientId
            || clientId.Any(c => c is < '!' or > '~'))
            throw new RuleBroken(
                "bad_client_id",
                "Enter the client id of your registration at Google; it ends in "
                + ".apps.googleusercontent.com.",
                "client_id");
        clientSecret = string.IsNullOrWhiteSpace(clientSecret) ? null : clientSecret.Trim();
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var mailbox = await MailboxStore.Hold(session, mailboxId, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", mailboxId);
                var kept = await GmailAccountStore.Find(session, mailboxId, cancel);
                if (clientSecret is null && kept?.ClientSecret is null)
                    throw new RuleBroken(
                        "no_client_secret", "Enter the client secret that belongs to it.", "client_secret");
                var boxed = clientSecret is null
                    ? null : secrets.Seal(clientSecret, PlaceOf("client_secret", workspaceId, mailboxId));
                await GmailAccountStore.Register(session, mailboxId, clientId, boxed, cancel);
                if (kept is { IsConnected: true } && kept.ClientId != clientId)
                    await LeaveGmail(session, mailbox, cancel);
                await session.Announce("mailboxes", mailboxId, cancel);
            },
            cancel);
    }

    /// <summary>Begins to ask this person; the answer is theirs to bring, within some minutes.</summary>
    public Task Ask(long workspaceId, long mailboxId, string by, CancellationToken cancel)
    {
        var secret = SecretToken.Create();
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await GmailAccountStore.Ask(
                    session, mailboxId, SecretToken.Hash(ConsentOf(secret).State)!,
                    secrets.Seal(secret, PlaceOf("consent_secret", workspaceId, mailboxId)), by,
                    time.GetUtcNow().UtcDateTime + ConsentLife, cancel) == 0)
                    throw new RuleBroken(
                        "gmail_not_registered", "Enter the client id and secret of your registration first.",
                        "client_id");
                await session.Announce("mailboxes", mailboxId, cancel);
            },
            cancel);
    }

    /// <summary>The question that waits for this person's answer; null when none does.</summary>
    public GmailConsent? Open(GmailAccount account, string by) =>
        account is { ConsentSecret: { } secret } && account.ConsentBy == by
        && account.ConsentUntil > time.GetUtcNow().UtcDateTime
            ? ConsentOf(secrets.OpenText(
                secret, PlaceOf("consent_secret", account.WorkspaceId, account.MailboxId)))
            : null;

    /// <summary>The account and the question that a state belongs to; it is answered once.</summary>
    public Task<(GmailAccount Account, GmailConsent Consent)> TakeAnswered(
        long workspaceId, string? state, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var account = SecretToken.Hash(state) is not { } hash ? null
                    : await GmailAccountStore.TakeAnswered(
                        session, hash, by, time.GetUtcNow().UtcDateTime, cancel);
                return account is null
                    ? throw new RuleBroken(
                        "consent_unknown",
                        "This consent was not asked for here, by you, within the last minutes. Begin again "
                        + "on the mailbox's page.")
                    : (account, ConsentOf(secrets.OpenText(
                        account.ConsentSecret!, PlaceOf("consent_secret", workspaceId, account.MailboxId))));
            },
            cancel);

    /// <summary>
    /// The person consented and the mailbox opens: it sends and is read by Gmail from now on.
    /// </summary>
    public Task Connected(
        long workspaceId, long mailboxId, string refreshToken, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var mailbox = await MailboxStore.Hold(session, mailboxId, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", mailboxId);
                await GmailAccountStore.SetGrant(
                    session, mailboxId,
                    secrets.Seal(refreshToken, PlaceOf("refresh_token", workspaceId, mailboxId)), by, now,
                    cancel);
                await MailboxStore.SetTransport(session, mailboxId, Mailbox.Gmail, cancel);
                await MailboxStore.SetTested(session, mailboxId, now, cancel);
                await MailboxStore.SetExhausted(session, mailboxId, null, null, cancel);
                if (mailbox.State != MailboxState.Paused)
                    await MailboxStore.SetState(
                        session, mailboxId, MailboxState.Connected, null, now, cancel);
                await MailboxReaderStore.PutGmail(session, mailboxId, now - LooksBack, now, cancel);
                await session.Announce("mailboxes", mailboxId, cancel);
            },
            cancel);

    /// <summary>Forgets the grant and the registration.</summary>
    public Task Disconnect(long workspaceId, long mailboxId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var mailbox = await MailboxStore.Hold(session, mailboxId, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", mailboxId);
                if (await GmailAccountStore.Forget(session, mailboxId, cancel) == 0)
                    throw RuleBroken.NotFound("Gmail account of mailbox", mailboxId);
                await LeaveGmail(session, mailbox, cancel);
                await session.Announce("mailboxes", mailboxId, cancel);
            },
            cancel);

    internal static SecretPlace PlaceOf(string column, long workspaceId, long mailboxId) =>
        new("gmail_accounts", column, mailboxId.ToString(), workspaceId);

    /// <summary>
    /// Whose question it is: the answer counts only for the one who asked, not for who is lured into it.
    /// </summary>
    static GmailConsent ConsentOf(string secret) => new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("state|" + secret))), secret);

    async Task LeaveGmail(Session session, Mailbox mailbox, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await MailboxStore.SetTransport(session, mailbox.Id, Mailbox.Smtp, cancel);
        await MailboxStore.SetTested(session, mailbox.Id, null, cancel);
        if (mailbox.State != MailboxState.Paused)
            await MailboxStore.SetState(session, mailbox.Id, MailboxState.Untested, null, now, cancel);
        await MailboxReaderStore.ForgetGmail(session, mailbox.Id, cancel);
    }
}
