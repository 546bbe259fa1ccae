namespace Overture.Mail;

/// <summary>
/// The whole failure policy: stage × answer → outcome. Before the dot nothing has been sent, so every
/// failure is Deferred or Rejected. A definite answer to the dot is final. Anything else after the dot is
/// Uncertain. QUIT decides nothing. Rejected means this message to this recipient; what the mailbox's own
/// settings caused is Deferred with the party Mailbox, so that no recipient pays for a wrong password.
/// </summary>
static class SmtpFailures
{
    const int QuotedTextLimit = 300;

    /// <summary>What the outcome of one stage is about.</summary>
    public readonly record struct Subject(
        SmtpOptions Server, string? Sender = null, string? Recipient = null);

    /// <summary>The outcome an answer forces; null when the conversation goes on as it should.</summary>
    public static SendOutcome? Judge(SmtpStage stage, in SmtpAnswer answer, Subject subject)
    {
        if (stage == SmtpStage.Dot) return JudgeDot(answer, subject);
        if (stage == SmtpStage.Quit || IsExpected(stage, answer)) return null;
        if (!answer.IsReply || answer.Code is < 400 or >= 600)
            return new SendOutcome.Deferred(Broken(stage, answer, subject));
        var fault = Refused(stage, answer, subject);
        var isFinal = fault.IsPermanent && fault.Party is SmtpFaultParty.Recipient or SmtpFaultParty.Message
            && answer.Code >= 500;
        return isFinal ? new SendOutcome.Rejected(fault) : new SendOutcome.Deferred(fault);
    }

    /// <summary>Whether the answer lets the conversation go on.</summary>
    public static bool IsExpected(SmtpStage stage, in SmtpAnswer answer) => answer.IsReply && stage switch
    {
        SmtpStage.Banner or SmtpStage.StartTls => answer.Code == 220,
        SmtpStage.Ehlo or SmtpStage.Mail => answer.Code == 250,
        SmtpStage.Auth => answer.Code == 235,
        SmtpStage.Rcpt => answer.Code is 250 or 251 or 252,
        SmtpStage.Data => answer.Code == 354,
        SmtpStage.Dot => answer.Code is >= 200 and < 300,
        _ => false,
    };

    static SendOutcome JudgeDot(in SmtpAnswer answer, Subject subject)
    {
        if (IsExpected(SmtpStage.Dot, answer)) return new SendOutcome.Accepted(answer.Code, answer.Text);
        if (answer.IsReply && answer.Code is >= 400 and < 600)
        {
            var fault = Refused(SmtpStage.Dot, answer, subject);
            return fault.IsPermanent && fault.Party != SmtpFaultParty.Mailbox
                ? new SendOutcome.Rejected(fault)
                : new SendOutcome.Deferred(fault);
        }

        return new SendOutcome.Uncertain(answer.Kind switch
        {
            SmtpAnswerKind.TimedOut => "The server did not answer the end of the message in time.",
            SmtpAnswerKind.Closed =>
                "The server closed the connection without answering the end of the message.",
            SmtpAnswerKind.Lost => "The connection broke while the end of the message was on its way.",
            SmtpAnswerKind.Cancelled => "Waiting for the answer to the end of the message was cut short.",
            SmtpAnswerKind.Oversize => "The answer to the end of the message was too long to be one.",
            _ => $"The answer to the end of the message makes no sense: {answer.Code} {Quote(answer.Text)}",
        });
    }

    // ---- answers that are no refusal, before the dot

    static SmtpFault Broken(SmtpStage stage, in SmtpAnswer answer, Subject subject)
    {
        var host = subject.Server.Host;
        var (party, sentence) = answer.Kind switch
        {
            SmtpAnswerKind.TimedOut =>
                (SmtpFaultParty.Network, $"{host} did not answer in time {During(stage)}."),
            SmtpAnswerKind.Closed =>
                (SmtpFaultParty.Network, $"{host} closed the connection {During(stage)}."),
            SmtpAnswerKind.Lost when stage == SmtpStage.Connect =>
                (SmtpFaultParty.Network,
                    $"{host} port {subject.Server.Port} cannot be reached: {answer.Text}."),
            SmtpAnswerKind.Lost =>
                (SmtpFaultParty.Network, $"The connection to {host} broke {During(stage)}."),
            SmtpAnswerKind.Oversize =>
                (SmtpFaultParty.Server, $"{host} sent an endless answer {During(stage)}."),
            SmtpAnswerKind.Unsolicited =>
                (SmtpFaultParty.Server, $"{host} answered before it was asked {During(stage)}."),
            _ => (SmtpFaultParty.Server,
                $"{host} broke the SMTP protocol {During(stage)}: {Quote(answer.Text)}"),
        };
        var remedy = stage == SmtpStage.Connect
            ? "Check the host name and port of the mailbox and that this machine may connect to them."
            : "Nothing was sent; it is tried again. If it keeps happening, ask the mail provider.";
        return new SmtpFault(stage, answer.Code, null, answer.Text, party, false, sentence, remedy);
    }

    // ---- refusals

    static SmtpFault Refused(SmtpStage stage, in SmtpAnswer answer, Subject subject)
    {
        var status = answer.EnhancedStatus;
        var (party, permanent, remedy) = SmtpRefusals.Explain(stage, answer.Code, status, answer.Text);
        var about = stage switch
        {
            SmtpStage.Auth => "the login",
            SmtpStage.Mail => $"the sender {subject.Sender}",
            SmtpStage.Rcpt => $"the recipient {subject.Recipient}",
            SmtpStage.Data or SmtpStage.Dot => "the message",
            _ => "the connection",
        };
        var verb = permanent ? "refused" : "put off";
        var sentence = $"{subject.Server.Host} {verb} {about}: {answer.Code} {Quote(answer.Text)}";
        return new SmtpFault(stage, answer.Code, status, answer.Text, party, permanent, sentence, remedy)
        {
            Recipient = stage == SmtpStage.Rcpt ? subject.Recipient : null,
        };
    }

    // ---- the mailbox's own settings, found before or between answers

    public static SmtpFault CertificateRefused(string problem, bool isForAnother) => new(
        SmtpStage.Tls, 0, null, problem, SmtpFaultParty.Mailbox, true, problem,
        isForAnother
            ? "Use the host name the mail provider publishes; it must be the one in the certificate."
            : "Ask the provider to renew the certificate, or name its private authority in the settings.");

    public static SmtpFault TlsFailed(SmtpOptions server, string detail) => new(
        SmtpStage.Tls, 0, null, detail, SmtpFaultParty.Network, false,
        $"No secure connection to {server.Host} could be made: {detail}",
        "Check port and security: port 465 speaks TLS at once, port 587 after STARTTLS.");

    public static SmtpFault TlsMissing(SmtpOptions server) => new(
        SmtpStage.StartTls, 0, null, "", SmtpFaultParty.Mailbox, true,
        $"{server.Host} offers no STARTTLS on port {server.Port}, so nothing was sent.",
        "Use port 465 with TLS, or another server. Mail and passwords are never sent unprotected.");

    public static SmtpFault LoginImpossible(SmtpOptions server, string offered) => new(
        SmtpStage.Auth, 0, null, offered, SmtpFaultParty.Mailbox, true,
        $"{server.Host} offers no way to log in that fits this mailbox (it offers: {offered}).",
        "Check the port; with a password choose an app password, with OAuth connect the mailbox again.");

    public static SmtpFault LoginUnprotected(SmtpOptions server) => new(
        SmtpStage.Auth, 0, null, "", SmtpFaultParty.Mailbox, true,
        $"The password was not sent to {server.Host} because the connection is not protected.",
        "Turn on STARTTLS or TLS for this mailbox.");

    public static SendOutcome TooLarge(SmtpOptions server, long size, long limit) => Unfit(
        SmtpStage.Mail,
        $"The message has {size} bytes; {server.Host} takes {limit}.",
        "Send smaller attachments.");

    public static SendOutcome Needs(SmtpOptions server, string extension, string? recipient) => Unfit(
        SmtpStage.Mail, $"{server.Host} cannot carry this message: it lacks {extension}.",
        "Use an address without special characters, or another server.", recipient);

    public static SendOutcome BadAddress(string address, string obstacle) => Unfit(
        SmtpStage.Rcpt, $"{address} cannot receive mail: {obstacle}", "Correct the address.", address);

    static SendOutcome.Rejected Unfit(
        SmtpStage stage, string sentence, string remedy, string? recipient = null) =>
        new(new SmtpFault(
            stage, 0, null, "", recipient is null ? SmtpFaultParty.Message : SmtpFaultParty.Recipient,
            true, sentence, remedy) { Recipient = recipient });

    static string During(SmtpStage stage) => stage switch
    {
        SmtpStage.Connect => "while connecting",
        SmtpStage.Banner => "before its greeting",
        SmtpStage.Ehlo => "at EHLO",
        SmtpStage.StartTls => "at STARTTLS",
        SmtpStage.Tls => "during the TLS handshake",
        SmtpStage.Auth => "during the login",
        SmtpStage.Mail => "at MAIL FROM",
        SmtpStage.Rcpt => "at RCPT TO",
        SmtpStage.Data => "at DATA or during the message",
        _ => "at the end of the message",
    };

    static string Quote(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > QuotedTextLimit ? line[..QuotedTextLimit] + "…" : line;
    }
}
