using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;
using Overture.Providers.OAuth2;

namespace Overture.Core.Pipeline;

/// <summary>
/// Connects a mailbox to the Gmail account behind it: a person is sent to Google, consents, and brings back a
/// code that becomes a lasting grant. The account must be the mailbox's own.
/// </summary>
public sealed class ConnectGmail(
    GmailAccounts accounts, Mailboxes mailboxes, GmailClients clients, ProviderAddresses addresses,
    SendingIdentity identity, SecretBox secrets)
{
    public const string Provider = "google";

    /// <summary>Below our own address; registered at Google letter for letter.</summary>
    public const string WayBack = "/mailboxes/gmail/callback";

    /// <summary>To send drafts, and to read what comes back. Nothing may be deleted but drafts.</summary>
    const string Rights =
        "https://www.googleapis.com/auth/gmail.compose https://www.googleapis.com/auth/gmail.readonly";

    /// <summary>What the registration at Google has to name as an authorised redirect URI.</summary>
    public Uri RedirectUrl => new(identity.PublicUrl, WayBack);

    /// <summary>Begins to ask; the address to go to is good for some minutes, for this person.</summary>
    public async Task<Uri> Begin(long workspaceId, long mailboxId, string by, CancellationToken cancel)
    {
        await accounts.Ask(workspaceId, mailboxId, by, cancel);
        return (await Open(workspaceId, mailboxId, by, cancel))!;
    }

    /// <summary>Where this person may consent now; null when nothing was begun.</summary>
    public async Task<Uri?> Open(long workspaceId, long mailboxId, string by, CancellationToken cancel)
    {
        var account = await accounts.Find(workspaceId, mailboxId, cancel);
        if (account is null || accounts.Open(account, by) is not { } asked) return null;
        var mailbox = await mailboxes.Get(workspaceId, mailboxId, cancel);
        return For(account).Page(asked.State, asked.Verifier, mailbox.Address);
    }

    /// <summary>
    /// The person is back. What they bring is used once; returns the mailbox that is connected now.
    /// </summary>
    public async Task<Mailbox> Finish(
        long workspaceId, string? state, string? code, string? error, string by, CancellationToken cancel)
    {
        var (account, asked) = await accounts.TakeAnswered(workspaceId, state, by, cancel);
        if (string.IsNullOrEmpty(code))
            throw new RuleBroken(
                "consent_refused", error is "access_denied" or null or ""
                    ? "Google says that the consent was not given. Nothing was changed."
                    : $"Google did not ask for the consent ({error[..Math.Min(error.Length, 100)]}). Check "
                    + "the registration: its client id and its redirect URI.");
        var granted = await For(account).Exchange(code, asked.Verifier, cancel);
        if (granted.Failure is { } failed)
            throw new RuleBroken("consent_failed", $"The consent could not be redeemed: {failed.Sentence}");
        if (granted.Value.NewRefreshToken is not { } refreshToken)
            throw new RuleBroken(
                "consent_not_lasting",
                "Google gave no lasting consent. Take Overture's access back in the Google account, then "
                + "connect again.");
        var mailbox = await mailboxes.Get(workspaceId, account.MailboxId, cancel);
        await CheckOwner(account, refreshToken, mailbox, cancel);
        await accounts.Connected(workspaceId, mailbox.Id, refreshToken, by, cancel);
        return mailbox;
    }

    async Task CheckOwner(
        GmailAccount account, string refreshToken, Mailbox mailbox, CancellationToken cancel)
    {
        using var tokens = clients.TokensFor(account, refreshToken);
        var profile = await clients.Of(account.WorkspaceId, tokens).Profile(cancel);
        if (profile.Failure is { } failed)
            throw new RuleBroken("gmail_closed", $"The mailbox does not open: {failed.Sentence}");
        var opened = ContactKey.ForEmail(profile.Value.EmailAddress);
        if (opened != ContactKey.ForEmail(mailbox.Address))
            throw new RuleBroken(
                "other_account",
                $"That was the account {ProviderText(profile.Value.EmailAddress)}. Choose "
                + $"{mailbox.Address} at Google, or make a mailbox of the other address.");
    }

    OAuthConsent For(GmailAccount account) => new(
        new OAuthConsentOptions
        {
            Provider = Provider, Scope = Rights, ClientId = account.ClientId, RedirectUrl = RedirectUrl,
            AuthoriseUrl = addresses.Of(Provider, OAuthConsentOptions.GoogleConsent),
            TokenUrl = addresses.Of(Provider, OAuthOptions.Google),
            ClientSecret = account.ClientSecret is { } secret
                ? secrets.OpenText(
                    secret, GmailAccounts.PlaceOf("client_secret", account.WorkspaceId, account.MailboxId))
                : null,
        },
        clients.Out(account.WorkspaceId));

    static string ProviderText(string address) =>
        EmailAddress.TryParse(address, out var read, out _) ? read.Normalised : "of somebody else";
}
