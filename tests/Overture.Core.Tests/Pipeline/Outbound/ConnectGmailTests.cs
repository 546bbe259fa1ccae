using System.Runtime.Versioning;
using Microsoft.AspNetCore.WebUtilities;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class ConnectGmailTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_consents_and_the_mailbox_sends_and_is_read_by_Gmail()
    {
        await using var box = await GmailMailbox.Create();
        var (state, code, asked) = await box.Consent();
        var query = QueryHelpers.ParseQuery(asked.Query);
        Assert.Equal("https://overture.example/mailboxes/gmail/callback", query["redirect_uri"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(GmailSink.Address, query["login_hint"]);
        Assert.DoesNotContain("secret", asked.Query, StringComparison.Ordinal);

        await box.Test.Get<ConnectGmail>().Finish(box.Test.Id, state, code, null, GmailMailbox.By, Cancel);

        var mailbox = await box.Now();
        Assert.Equal((true, MailboxState.Connected), (mailbox.IsGmail, mailbox.State));
        var reader = await box.Test.Get<MailboxReaders>().Find(box.Test.Id, box.Id, Cancel);
        Assert.Equal((ReaderKind.Gmail, ReaderState.Listening), (reader!.Kind, reader.State));
        var account = await box.Test.Get<GmailAccounts>().Find(box.Test.Id, box.Id, Cancel);
        Assert.Equal((true, GmailMailbox.By), (account!.IsConnected, account.ConnectedBy));
        Assert.Equal(0, await box.Test.Ask<int>(
            """
            select count(*)::int from gmail_accounts where position('refresh-token' in
                encode(refresh_token, 'escape')) > 0 or client_secret = 'overture-client-secret'::bytea
            """));
    }

    [Fact]
    public async Task An_answer_counts_once_for_the_one_who_asked_and_not_for_long()
    {
        await using var box = await GmailMailbox.Create();
        var connect = box.Test.Get<ConnectGmail>();
        var (state, code, _) = await box.Consent();
        Assert.Equal("consent_unknown", await Refused(() =>
            connect.Finish(box.Test.Id, state, code, null, "user 2", Cancel)));
        await connect.Finish(box.Test.Id, state, code, null, GmailMailbox.By, Cancel);
        Assert.Equal("consent_unknown", await Refused(() =>
            connect.Finish(box.Test.Id, state, code, null, GmailMailbox.By, Cancel)));

        (state, code, _) = await box.Consent();
        Assert.NotNull(await connect.Open(box.Test.Id, box.Id, GmailMailbox.By, Cancel));
        Assert.Null(await connect.Open(box.Test.Id, box.Id, "user 2", Cancel));
        ((ManualTime)box.Test.Time).Advance(TimeSpan.FromMinutes(16));
        Assert.Null(await connect.Open(box.Test.Id, box.Id, GmailMailbox.By, Cancel));
        Assert.Equal("consent_unknown", await Refused(() =>
            connect.Finish(box.Test.Id, state, code, null, GmailMailbox.By, Cancel)));
    }

    [Fact]
    public async Task A_code_for_another_question_is_not_redeemed()
    {
        await using var box = await GmailMailbox.Create();
        var (_, stolen, _) = await box.Consent();
        var (state, _, _) = await box.Consent();
        Assert.Equal("consent_failed", await Refused(() => box.Test.Get<ConnectGmail>().Finish(
            box.Test.Id, state, stolen, null, GmailMailbox.By, Cancel)));
        Assert.False((await box.Now()).IsGmail);
    }

    [Fact]
    public async Task Another_account_than_the_mailboxs_is_refused_in_words()
    {
        await using var box = await GmailMailbox.Create();
        box.Gmail.Owner = "bob@overture.example";
        var refused = await Assert.ThrowsAsync<RuleBroken>(box.Connect);
        Assert.Equal("other_account", refused.Code);
        Assert.StartsWith(
            "That was the account bob@overture.example.", refused.Sentence, StringComparison.Ordinal);
        Assert.False((await box.Now()).IsGmail);
    }

    [Fact]
    public async Task A_refused_consent_changes_nothing()
    {
        await using var box = await GmailMailbox.Create();
        var (state, _, _) = await box.Consent();
        Assert.Equal("consent_refused", await Refused(() => box.Test.Get<ConnectGmail>().Finish(
            box.Test.Id, state, null, "access_denied", GmailMailbox.By, Cancel)));
        Assert.False((await box.Now()).IsGmail);
    }

    [Fact]
    public async Task Another_registration_ends_the_grant_and_disconnecting_forgets_everything()
    {
        await using var box = await GmailMailbox.Create();
        await box.Connect();
        var accounts = box.Test.Get<GmailAccounts>();
        await accounts.Register(box.Test.Id, box.Id, GmailSink.ClientId, null, Cancel);
        Assert.True((await box.Now()).IsGmail);
        await accounts.Register(box.Test.Id, box.Id, "another", "secret", Cancel);
        Assert.False((await accounts.Find(box.Test.Id, box.Id, Cancel))!.IsConnected);
        Assert.Equal((false, MailboxState.Untested), ((await box.Now()).IsGmail, (await box.Now()).State));

        await accounts.Register(box.Test.Id, box.Id, GmailSink.ClientId, GmailSink.ClientSecret, Cancel);
        await box.Connect();
        await accounts.Disconnect(box.Test.Id, box.Id, Cancel);
        Assert.Null(await accounts.Find(box.Test.Id, box.Id, Cancel));
        Assert.Null(await box.Test.Get<MailboxReaders>().Find(box.Test.Id, box.Id, Cancel));
        Assert.False((await box.Now()).IsGmail);
    }

    [Fact]
    public async Task A_registration_is_checked_and_asking_needs_one()
    {
        await using var box = await GmailMailbox.Create();
        var accounts = box.Test.Get<GmailAccounts>();
        Assert.Equal("bad_client_id", await Refused(() =>
            accounts.Register(box.Test.Id, box.Id, " ", "secret", Cancel)));
        var other = await box.Test.AddMailbox();
        Assert.Equal("no_client_secret", await Refused(() =>
            accounts.Register(box.Test.Id, other, "client", null, Cancel)));
        Assert.Equal("gmail_not_registered", await Refused(() =>
            box.Test.Get<ConnectGmail>().Begin(box.Test.Id, other, GmailMailbox.By, Cancel)));
    }

    static async Task<string> Refused(Func<Task> act) => (await Assert.ThrowsAsync<RuleBroken>(act)).Code;
}
