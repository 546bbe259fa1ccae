using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

public class ThreadingTests
{
    static readonly OwnMailbox Mailbox = new("bob@example.com", ["robert@example.com"], "go.example.com");

    [Fact]
    public void A_reply_is_found_by_what_it_answers() => Assert.Equal(
        new ThreadKey(ThreadEvidence.InReplyTo, "sent-2@example.com"),
        Match("In-Reply-To: <sent-2@example.com>\nReferences: <sent-1@example.com> <sent-2@example.com>",
            "sent-1@example.com", "sent-2@example.com"));

    [Fact]
    public void A_reply_to_a_reply_is_found_by_the_newest_reference() => Assert.Equal(
        new ThreadKey(ThreadEvidence.References, "sent-2@example.com"),
        Match("In-Reply-To: <theirs@example.org>\n"
            + "References: <sent-1@example.com> <sent-2@example.com> "
            + "<theirs@example.org>", "sent-1@example.com", "sent-2@example.com"));

    [Fact]
    public void Our_token_is_stronger_than_message_ids() => Assert.Equal(
        new ThreadKey(ThreadEvidence.Token, "token-7"),
        Match("Delivered-To: bob+token-7@example.com\nIn-Reply-To: <sent-1@example.com>", "token-7",
            "sent-1@example.com"));

    [Fact]
    public void A_tag_of_a_strangers_address_is_no_token() =>
        Assert.Null(Match("Cc: ann+token-7@example.org", "token-7"));

    [Fact]
    public void A_reply_to_an_alias_is_found() => Assert.Equal(
        new ThreadKey(ThreadEvidence.Token, "token-7"), Match("Delivered-To: Robert+token-7@EXAMPLE.com",
            "token-7"));

    [Theory]
    [InlineData("token-7", ThreadEvidence.Token)]
    [InlineData("token-8", ThreadEvidence.Token)]
    [InlineData("sent-1@example.com", ThreadEvidence.Returned)]
    public void A_bounce_is_found_by_what_it_returns(string sent, ThreadEvidence by)
    {
        var bounce = Mails.Report("Sorry.",
            "Final-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: 5.1.1");
        var match = Threading.Match(bounce, Mailbox, key => key.Value == sent ? key.Value : null);
        Assert.Equal(new ThreadKey(by, sent), match!.By);
    }

    [Theory]
    [InlineData("Bob <bob@example.com>")]
    [InlineData("ROBERT@example.com")]
    [InlineData("bob+follow@example.com")]
    public void Our_own_copies_never_answer_anything(string from)
    {
        var copy = Mails.Read(
            $"From: {from}\nTo: ann@example.org\nIn-Reply-To: <sent-1@example.com>\n\nHello again");
        Assert.True(Threading.IsOwnCopy(copy, Mailbox));
        Assert.Null(Threading.Match(copy, Mailbox, key => key.Value));
        // Without the guard the same copy would match what it follows up on.
        Assert.Contains(Threading.Keys(copy, Mailbox), k => k.Value == "sent-1@example.com");
    }

    [Fact]
    public void A_message_of_nobody_we_wrote_to_has_no_match() =>
        Assert.Null(Match("In-Reply-To: <other@example.org>", "sent-1@example.com"));

    static ThreadKey? Match(string headers, params string[] sent)
    {
        var mail = Mails.Read(
            $"From: ann@example.org\nTo: bob@example.com\nSubject: Re: Hello\n{headers}\n\nYes!");
        return Threading.Match(mail, Mailbox, key => sent.Contains(key.Value) ? key.Value : null)?.By;
    }
}
