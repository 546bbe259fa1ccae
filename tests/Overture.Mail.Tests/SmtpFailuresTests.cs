namespace Overture.Mail.Tests;

public sealed class SmtpFailuresTests
{
    static readonly SmtpFailures.Subject Subject = new(
        new SmtpOptions { Host = "smtp.example.com" }, "me@example.com", "you@example.org");

    [Theory]
    [InlineData(SmtpStage.Rcpt, 550, "5.1.1 user unknown", "Rejected", SmtpFaultParty.Recipient)]
    [InlineData(SmtpStage.Rcpt, 550, "no such user", "Rejected", SmtpFaultParty.Recipient)]
    [InlineData(SmtpStage.Rcpt, 450, "4.2.1 mailbox busy", "Deferred", SmtpFaultParty.Recipient)]
    [InlineData(SmtpStage.Rcpt, 451, "4.7.1 greylisted", "Deferred", SmtpFaultParty.Server)]
    [InlineData(SmtpStage.Rcpt, 554, "5.7.1 relay access denied", "Deferred", SmtpFaultParty.Mailbox)]
    [InlineData(SmtpStage.Rcpt, 550, "5.7.1 blocked by policy", "Rejected", SmtpFaultParty.Message)]
    [InlineData(SmtpStage.Mail, 530, "5.7.57 client not authenticated", "Deferred", SmtpFaultParty.Mailbox)]
    [InlineData(
        SmtpStage.Mail, 550, "5.7.60 client does not have permissions to send as this sender", "Deferred",
        SmtpFaultParty.Mailbox)]
    [InlineData(SmtpStage.Mail, 552, "5.3.4 too large", "Rejected", SmtpFaultParty.Message)]
    [InlineData(SmtpStage.Dot, 552, "too much mail data", "Rejected", SmtpFaultParty.Message)]
    [InlineData(SmtpStage.Dot, 550, "5.4.5 daily sending quota exceeded", "Deferred", SmtpFaultParty.Mailbox)]
    [InlineData(SmtpStage.Dot, 554, "5.7.1 looks like spam", "Rejected", SmtpFaultParty.Message)]
    [InlineData(SmtpStage.Dot, 550, "5.1.1 user unknown", "Rejected", SmtpFaultParty.Recipient)]
    [InlineData(SmtpStage.Dot, 452, "4.3.1 disk full", "Deferred", SmtpFaultParty.Server)]
    [InlineData(SmtpStage.Auth, 535, "5.7.8 bad", "Deferred", SmtpFaultParty.Mailbox)]
    [InlineData(SmtpStage.Auth, 454, "4.7.0 later", "Deferred", SmtpFaultParty.Server)]
    [InlineData(SmtpStage.Banner, 554, "no service from your address", "Deferred", SmtpFaultParty.Server)]
    public void Knows_whose_matter_an_answer_is(
        SmtpStage stage, int code, string text, string expected, SmtpFaultParty party)
    {
        var outcome = SmtpFailures.Judge(stage, new SmtpAnswer(SmtpAnswerKind.Reply, code, text), Subject);

        var fault = outcome switch
        {
            SendOutcome.Deferred d => d.Fault,
            SendOutcome.Rejected r => r.Fault,
            _ => null,
        };
        Assert.Equal((expected, party), (outcome?.GetType().Name, fault!.Party));
        Assert.Equal(code, fault.Code);
        Assert.Contains(text, fault.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_the_dot_can_be_uncertain_or_accepted()
    {
        foreach (var stage in Enum.GetValues<SmtpStage>())
        {
            foreach (var kind in Enum.GetValues<SmtpAnswerKind>())
            {
                for (var code = 0; code < 600; code += 1)
                {
                    var outcome = SmtpFailures.Judge(stage, new SmtpAnswer(kind, code, ""), Subject);
                    if (stage != SmtpStage.Dot)
                        Assert.True(outcome is null or SendOutcome.Deferred or SendOutcome.Rejected);
                    else
                        Assert.True(kind == SmtpAnswerKind.Reply || outcome is SendOutcome.Uncertain);
                }
            }
        }
    }

    [Fact]
    public void QUIT_decides_nothing()
    {
        foreach (var kind in Enum.GetValues<SmtpAnswerKind>())
            Assert.Null(SmtpFailures.Judge(SmtpStage.Quit, new SmtpAnswer(kind, 554, "no"), Subject));
    }

    [Theory]
    [InlineData("5.1.1 gone", "5.1.1")]
    [InlineData("5.7.509", "5.7.509")]
    [InlineData("4.2.2\nsecond line", "4.2.2")]
    [InlineData("gone", null)]
    [InlineData("1.2.3.4 blocked", null)]
    [InlineData("", null)]
    public void Reads_the_enhanced_status(string text, string? expected) =>
        Assert.Equal(expected, new SmtpAnswer(SmtpAnswerKind.Reply, 550, text).EnhancedStatus);
}
