using Overture.Mail;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>What a refusal by Gmail means for a message and its mailbox.</summary>
static class GmailFaults
{
    /// <summary>After the day's end Gmail blocks for up to a day; resuming by hand asks sooner.</summary>
    static readonly TimeSpan DayIsOver = TimeSpan.FromHours(24);

    /// <summary>Nobody consented, or the grant cannot be read with this instance's key.</summary>
    public static SendOutcome NotConnected(string why) => new SendOutcome.Deferred(new SmtpFault(
        SmtpStage.Auth, 0, null, "", SmtpFaultParty.Mailbox, true, why, "Connect the mailbox again."));

    /// <summary>Whether nobody can know if Gmail did what was asked.</summary>
    public static bool IsFateUnknown(ProviderFailure failure) =>
        failure.IsFateUnknown || failure.HttpCode is >= 200 and < 300 || failure.HttpCode >= 500;

    /// <summary>Whether the grant has ended or never allowed this; only a new consent helps.</summary>
    public static bool EndsTheGrant(ProviderFailure failure) =>
        failure.Kind is FailureKind.Unauthorised or FailureKind.Forbidden or FailureKind.NotConfigured;

    /// <summary>The outcome of a refusal: certainly not sent.</summary>
    public static SendOutcome Of(ProviderFailure failure)
    {
        var fault = FaultOf(failure);
        return fault is { Party: SmtpFaultParty.Message, IsPermanent: true }
            ? new SendOutcome.Rejected(fault) : new SendOutcome.Deferred(fault);
    }

    /// <summary>Why a mailbox can be neither used nor read, for its owner.</summary>
    public static string Sentence(ProviderFailure failure) => failure.Kind switch
    {
        FailureKind.Unauthorised => "Google ended the consent to this mailbox.",
        FailureKind.Forbidden =>
            $"The consent does not reach, or this account has no Gmail. {Quoted(failure)}".TrimEnd(),
        FailureKind.NotConfigured => "The consent to this mailbox is not complete.",
        FailureKind.RateLimited => "Gmail asks to wait: too many calls.",
        FailureKind.QuotaExhausted => "Gmail's allowance for today is used up.",
        FailureKind.InvalidRequest => $"Gmail does not take this message. {Quoted(failure)}".TrimEnd(),
        _ => failure.Sentence,
    };

    static SmtpFault FaultOf(ProviderFailure failure)
    {
        var (stage, party, isPermanent, remedy) = failure.Kind switch
        {
            _ when EndsTheGrant(failure) =>
                (SmtpStage.Auth, SmtpFaultParty.Mailbox, true, "Connect the mailbox again."),
            FailureKind.RateLimited or FailureKind.QuotaExhausted =>
                (SmtpStage.Data, SmtpFaultParty.Mailbox, false, "It goes on by itself afterwards."),
            FailureKind.InvalidRequest or FailureKind.TooLarge or FailureKind.Blocked =>
                (SmtpStage.Data, SmtpFaultParty.Message, true, "Change the message."),
            _ => (SmtpStage.Connect, SmtpFaultParty.Server, false, ""),
        };
        return new SmtpFault(
            stage, failure.HttpCode ?? 0, null, failure.Said, party, isPermanent, Sentence(failure), remedy)
        {
            RestFor = failure.Kind == FailureKind.QuotaExhausted
                ? failure.RetryAfter ?? DayIsOver : failure.RetryAfter,
        };
    }

    static string Quoted(ProviderFailure failure) =>
        failure.Said.Length == 0 ? "" : $"It said: {failure.Said.TrimEnd('.')}.";
}
