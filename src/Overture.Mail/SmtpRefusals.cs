namespace Overture.Mail;

/// <summary>
/// Whose matter a 4xx or 5xx answer is: by enhanced status (RFC 3463, RFC 4954, RFC 5248, RFC 7372 and the
/// codes large providers document), else by stage.
/// </summary>
static class SmtpRefusals
{
    const string TryLater = "Nothing was sent; it is tried again later.";

    /// <summary>The party, whether the refusal is permanent, and what to do about it.</summary>
    public static (SmtpFaultParty Party, bool IsPermanent, string Remedy) Explain(
        SmtpStage stage, int code, string? status, string text)
    {
        if (stage == SmtpStage.Auth) return ExplainLogin(code, status);
        var permanent = code >= 500;
        var detail = status is null ? "" : status[(status.IndexOf('.') + 1)..];
        if (IsAboutTheMailbox(stage, code, detail, text) is { } remedy)
            return (SmtpFaultParty.Mailbox, permanent, remedy);
        if (stage < SmtpStage.Mail)
        {
            return (SmtpFaultParty.Server, permanent, permanent
                ? "The provider does not accept connections from here; ask it why, or use another server."
                : TryLater);
        }

        if (detail is "3.4" or "2.3" || (code == 552 && stage != SmtpStage.Rcpt && detail is ""))
            return (SmtpFaultParty.Message, permanent, "Send a smaller message.");
        var isRecipients = IsAboutTheRecipient(stage, detail);
        if (!permanent)
            return (isRecipients ? SmtpFaultParty.Recipient : SmtpFaultParty.Server, false, TryLater);
        if (isRecipients)
            return (SmtpFaultParty.Recipient, true, "Check the address; this recipient is not tried again.");
        if (stage == SmtpStage.Mail)
            return (SmtpFaultParty.Mailbox, true, "Check that this login may send as this address.");
        return (SmtpFaultParty.Message, true,
            "Read the answer; change the message or leave this recipient out.");
    }

    static (SmtpFaultParty Party, bool IsPermanent, string Remedy) ExplainLogin(int code, string? status)
    {
        if (code < 500) return (SmtpFaultParty.Server, false, TryLater);
        return (SmtpFaultParty.Mailbox, true, (code, status) switch
        {
            (_, "5.7.9") or (534, _) =>
                "The provider wants an app password or OAuth instead of the usual password.",
            (_, "5.7.139") =>
                "The organisation has switched off password login; connect the mailbox with OAuth.",
            (_, "5.7.11") or (538, _) => "Turn on STARTTLS or TLS for this mailbox.",
            (_, "5.5.4") or (504, _) =>
                "The provider does not know this way to log in; connect the mailbox again.",
            _ => "Check the user name and password, or connect the mailbox again. "
                + "With two-step verification an app password is needed.",
        });
    }

    static string? IsAboutTheMailbox(SmtpStage stage, int code, string detail, string text) =>
        (code, detail) switch
    {
        (530, _) or (_, "7.57") => "The server wants a login: enter user name and password for this mailbox.",
        (_, "4.5") or (_, "1.90") or (_, "7.705") =>
            "The mailbox has used up its sending allowance; wait a day "
            + "and lower its daily limit.",
        (_, "7.60") or (_, "1.7") or (_, "1.8") =>
            "The login may not send as this address; use the mailbox's own "
            + "address or have the right granted.",
        (_, "7.501") or (_, "7.502") or (_, "7.503") or (_, "7.708") =>
            "The provider has blocked this account for "
            + "sending; resolve it with the provider before sending more.",
        _ when stage == SmtpStage.Rcpt && code >= 500 && IsRelayDenied(text) =>
            "The server relays only after login: check host, port and login of this mailbox.",
        _ => null,
    };

    // RFC 5321 gives relay refusal no code of its own; servers share 550 and 554 with other policies.
    static bool IsRelayDenied(string text) =>
        text.Contains("relay", StringComparison.OrdinalIgnoreCase)
        && (text.Contains("denied", StringComparison.OrdinalIgnoreCase)
            || text.Contains("not permitted", StringComparison.OrdinalIgnoreCase)
            || text.Contains("not allowed", StringComparison.OrdinalIgnoreCase)
            || text.Contains("unable to relay", StringComparison.OrdinalIgnoreCase));

    // X.1.Y and X.2.Y are addresses and mailboxes, X.4.4 a domain without a mail route (RFC 3463 section 3).
    static bool IsAboutTheRecipient(SmtpStage stage, string detail) =>
        stage >= SmtpStage.Rcpt && (detail.StartsWith("1.", StringComparison.Ordinal)
            || detail is "2.0" or "2.1" or "2.2" or "2.4" or "4.1" or "4.4"
            || (stage == SmtpStage.Rcpt && !detail.StartsWith("7.", StringComparison.Ordinal)
                && !detail.StartsWith("3.", StringComparison.Ordinal)
                && !detail.StartsWith("4.", StringComparison.Ordinal)));
}
