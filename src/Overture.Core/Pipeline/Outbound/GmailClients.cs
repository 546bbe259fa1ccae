using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Providers.Gmail;
using Overture.Providers.OAuth2;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// The clients of Gmail mailboxes, each on its own grant. Access tokens are kept while they last, so that
/// nothing is renewed between the record of a send and the sending.
/// </summary>
public sealed class GmailClients(
    Database database, SecretBox secrets, OutboundHttp outbound, ProviderAddresses addresses,
    TimeProvider time)
{
    /// <summary>Above this many mailboxes all tokens are asked for anew.</summary>
    const int MostKept = 1_000;

    readonly Lock gate = new();
    readonly Dictionary<(long WorkspaceId, long MailboxId), Kept> kept = [];

    /// <summary>The client of a connected mailbox; null when nobody has consented.</summary>
    /// <exception cref="SecretUnreadable">The grant was sealed with another instance's key.</exception>
    public async Task<GmailClient?> Find(long workspaceId, long mailboxId, CancellationToken cancel)
    {
        var account = await database.InWorkspace(
            workspaceId, session => GmailAccountStore.Find(session, mailboxId, cancel), cancel);
        return account is { IsConnected: true }
            ? Of(workspaceId, TokensOf(account)) : null;
    }

    /// <summary>A client on tokens that are not kept: the look at whose mailbox was consented to.</summary>
    internal GmailClient Of(long workspaceId, OAuthTokens tokens)
    {
        var options = new GmailOptions();
        return new GmailClient(
            options with { BaseUrl = addresses.Of(GmailOptions.Provider, options.BaseUrl) }, tokens,
            Out(workspaceId));
    }

    internal OAuthTokens TokensFor(
        GmailAccount account, string refreshToken,
        Func<string, CancellationToken, ValueTask>? onNewRefreshToken = null) =>
        new(
            new OAuthOptions
            {
                Provider = ConnectGmail.Provider, ClientId = account.ClientId,
                TokenUrl = addresses.Of(ConnectGmail.Provider, OAuthOptions.Google),
                ClientSecret = Opened(account, "client_secret", account.ClientSecret),
                RefreshToken = refreshToken,
            },
            Out(account.WorkspaceId), onNewRefreshToken);

    internal OutboundHttp Out(long workspaceId)
    {
        var account = new WorkspaceAccount(database, workspaceId, time);
        return outbound.For(account, account);
    }

    OAuthTokens TokensOf(GmailAccount account)
    {
        var place = (account.WorkspaceId, account.MailboxId);
        lock (gate)
        {
            if (kept.TryGetValue(place, out var known)
                && known.Grant.AsSpan().SequenceEqual(account.RefreshToken)) return known.Tokens;
            if (kept.Count >= MostKept) kept.Clear();
            var tokens = TokensFor(
                account, Opened(account, "refresh_token", account.RefreshToken)!,
                (changed, cancel) => Change(account, changed, cancel));
            kept[place] = new Kept(account.RefreshToken!, tokens);
            return tokens;
        }
    }

    async ValueTask Change(GmailAccount account, string refreshToken, CancellationToken cancel) =>
        await database.InWorkspace(
            account.WorkspaceId,
            session => GmailAccountStore.ChangeToken(
                session, account.MailboxId, secrets.Seal(refreshToken, PlaceOf(account, "refresh_token")),
                cancel),
            cancel);

    string? Opened(GmailAccount account, string column, byte[]? value) =>
        value is null ? null : secrets.OpenText(value, PlaceOf(account, column));

    static SecretPlace PlaceOf(GmailAccount account, string column) =>
        GmailAccounts.PlaceOf(column, account.WorkspaceId, account.MailboxId);

    sealed record Kept(byte[] Grant, OAuthTokens Tokens);
}
