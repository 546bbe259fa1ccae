using System.Text;
using Overture.Providers.Gmail;
using Overture.Providers.OAuth2;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.Gmail;

public sealed class GmailClientTests : IAsyncLifetime
{
    const string MessageId = "<step-1@overture.example>";
    const string Letter = $"From: {GmailSink.Address}\r\nMessage-ID: {MessageId}\r\nSubject: ü\r\n\r\nHi\r\n";

    readonly TestOutbound outbound = new();
    GmailSink gmail = null!;
    OAuthTokens tokens = null!;
    GmailClient client = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static byte[] Bytes => Encoding.UTF8.GetBytes(Letter);

    public async ValueTask InitializeAsync()
    {
        gmail = await GmailSink.Start();
        tokens = new OAuthTokens(
            new OAuthOptions
            {
                Provider = "google", TokenUrl = gmail.TokenUrl, ClientId = GmailSink.ClientId,
                RefreshToken = GmailSink.RefreshToken,
            },
            outbound.Http);
        client = new GmailClient(new GmailOptions { BaseUrl = gmail.Url }, tokens, outbound.Http);
    }

    public async ValueTask DisposeAsync()
    {
        tokens.Dispose();
        outbound.Dispose();
        await gmail.DisposeAsync();
    }

    [Fact]
    public async Task A_draft_becomes_a_sent_message_under_the_same_identity()
    {
        var draft = (await client.CreateDraft(Bytes, cancellation: Token)).Value;
        Assert.True((await client.HasDraft(draft.DraftId, Token)).Value);
        Assert.Empty(gmail.Sent);

        var sent = (await client.SendDraft(draft.DraftId, Token)).Value;

        Assert.Equal(Bytes, Assert.Single(gmail.Sent).Bytes);
        Assert.False((await client.HasDraft(draft.DraftId, Token)).Value);
        Assert.Equal([sent], (await client.FindByMessageId(MessageId, onlySent: true, Token)).Value);
        Assert.Empty((await client.FindByMessageId("<other@overture.example>", cancellation: Token)).Value);
        Assert.Equal(FailureKind.NotFound, (await client.SendDraft(draft.DraftId, Token)).Failure!.Kind);
        Assert.Equal(1, gmail.TokensIssued);
    }

    [Theory]
    [InlineData(GmailSinkFault.LoseAnswer, GmailSending.Sent)]
    [InlineData(GmailSinkFault.LoseQuestion, GmailSending.NotSent)]
    [InlineData(GmailSinkFault.Unavailable, GmailSending.NotSent)]
    public async Task A_lost_answer_is_never_sent_twice_and_always_found_out(
        GmailSinkFault fault, GmailSending expected)
    {
        var draft = (await client.CreateDraft(Bytes, cancellation: Token)).Value;
        gmail.Fault(fault);

        var lost = await client.SendDraft(draft.DraftId, Token);

        Assert.Equal(FailureKind.Unavailable, lost.Failure!.Kind);
        Assert.Equal(expected, (await client.FindOut(draft.DraftId, MessageId, Token)).Value);
        if (expected == GmailSending.NotSent)
            Assert.True((await client.SendDraft(draft.DraftId, Token)).IsOk);
        Assert.Single(gmail.Sent);
    }

    [Fact]
    public async Task A_draft_gone_without_a_trace_is_unknown()
    {
        var draft = (await client.CreateDraft(Bytes, cancellation: Token)).Value;

        Assert.Equal([draft.DraftId], (await client.FindDrafts(MessageId, Token)).Value);
        Assert.True((await client.DeleteDraft(draft.DraftId, Token)).Value);

        Assert.Empty((await client.FindDrafts(MessageId, Token)).Value);
        Assert.False((await client.DeleteDraft(draft.DraftId, Token)).Value);
        Assert.Equal(GmailSending.Unknown, (await client.FindOut(draft.DraftId, MessageId, Token)).Value);
    }

    [Fact]
    public async Task A_large_message_is_uploaded_whole_into_its_thread_and_a_huge_one_refused()
    {
        var large =
            Encoding.UTF8.GetBytes(Letter + new string('x', GmailOptions.LargestInlineBytes) + "\r\n");

        var draft = (await client.CreateDraft(large, "0123abcd", Token)).Value;
        var small = (await client.CreateDraft(Bytes, "0123abcd", Token)).Value;
        var huge = await client.CreateDraft(
            new byte[GmailOptions.LargestMessageBytes + 1], cancellation: Token);

        Assert.Equal(("0123abcd", "0123abcd"), (draft.Message.ThreadId, small.Message.ThreadId));
        Assert.Equal(large, gmail.Messages[0].Bytes);
        Assert.Equal(FailureKind.InvalidRequest, huge.Failure!.Kind);
        Assert.Equal(2, gmail.Messages.Count);
    }

    [Fact]
    public async Task The_history_tells_what_came_in_page_by_page()
    {
        var start = (await client.Profile(Token)).Value;
        Assert.Equal(GmailSink.Address, start.EmailAddress);
        Assert.Empty((await client.History(start.HistoryId, cancellation: Token)).Value.Added);
        string[] received =
            [.. Enumerable.Range(0, 5).Select(n => gmail.Receive($"Subject: {n}\r\n\r\nx\r\n"))];

        List<GmailAdded> added = [];
        GmailHistory page;
        string? next = null;
        do
        {
            page = (await client.History(start.HistoryId, next, Token)).Value;
            added.AddRange(page.Added);
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(received, added.Select(a => a.Name.MessageId));
        Assert.All(added, a => Assert.Contains("INBOX", a.Labels));
        Assert.Empty((await client.History(page.HistoryId, cancellation: Token)).Value.Added);
        var message = (await client.Message(received[3], Token)).Value;
        Assert.Equal("Subject: 3\r\n\r\nx\r\n", Encoding.UTF8.GetString(message.Bytes.Span));
        Assert.Equal(FailureKind.NotFound, (await client.Message("0", Token)).Failure!.Kind);
    }

    [Fact]
    public async Task An_expired_history_is_a_value()
    {
        var start = (await client.Profile(Token)).Value;
        gmail.Receive("Subject: missed\r\n\r\nx\r\n");
        gmail.ExpireHistory();

        var page = (await client.History(start.HistoryId, cancellation: Token)).Value;

        Assert.True(page.IsExpired);
        Assert.False((await client.History((await client.Profile(Token)).Value.HistoryId, null, Token))
            .Value.IsExpired);
    }

    [Fact]
    public async Task Too_fast_is_waited_for_and_a_far_moment_handed_back()
    {
        gmail.Fault(GmailSinkFault.TooFast);
        Assert.True((await client.Test(Token)).Value);

        gmail.Fault(GmailSinkFault.TooMany);
        var later = await client.CreateDraft(Bytes, cancellation: Token);
        Assert.Equal(FailureKind.RateLimited, later.Failure!.Kind);
        Assert.InRange(later.Failure.RetryAfter!.Value, TimeSpan.FromHours(2), TimeSpan.FromHours(3.1));
        Assert.Empty(gmail.Messages);

        outbound.Skipping.Advance(TimeSpan.FromHours(4));
        gmail.Fault(GmailSinkFault.DayIsOver);
        Assert.Equal(FailureKind.QuotaExhausted, (await client.Profile(Token)).Failure!.Kind);
    }

    [Fact]
    public async Task A_token_refused_before_its_time_is_renewed_once()
    {
        Assert.True((await client.Test(Token)).IsOk);
        gmail.EndTokens();

        Assert.True((await client.CreateDraft(Bytes, cancellation: Token)).IsOk);
        Assert.Single(gmail.Messages);

        gmail.EndTokens();
        gmail.Revoke();
        var refused = await client.Test(Token);
        Assert.Equal(FailureKind.Unauthorised, refused.Failure!.Kind);
        Assert.Contains("invalid_grant", refused.Failure.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(GmailSink.RefreshToken, refused.Failure.ToString(), StringComparison.Ordinal);
    }
}
