using Overture.Mail;

namespace Overture.Core.Tests.Pipeline;

/// <summary>What happens where a failpoint is reached.</summary>
enum FailpointAction
{
    /// <summary>The other side says no: an error of the database, a 4xx of the mail server.</summary>
    Refuse,

    /// <summary>The connection is cut.</summary>
    Cut,

    /// <summary>The sender is killed.</summary>
    Kill,
}

/// <summary>
/// One boundary on the way of a message. Those in the database are triggers, within the statement or, where
/// the trigger is deferred, within its commit; the others are stages of the conversation with the mail
/// server, before its answer. Each strikes once.
/// </summary>
sealed record Failpoint(string Name, string? Trigger, SmtpStage? Stage)
{
    public static IReadOnlyList<Failpoint> All { get; } =
    [
        InDatabase("claim", "update of state on send_intents", "new.state = 'claimed'"),
        AtCommit("claim committed", "update on send_intents", "new.state = 'claimed'"),
        InConversation(SmtpStage.Banner),
        InConversation(SmtpStage.Ehlo),
        InConversation(SmtpStage.Mail),
        InConversation(SmtpStage.Rcpt),
        InConversation(SmtpStage.Data),
        InDatabase("submit", "update of state on send_intents", "new.state = 'submitting'"),
        InDatabase("attempt", "insert on send_attempts", "new.state = 'submitting'"),
        AtCommit("attempt committed", "insert on send_attempts", "new.state = 'submitting'"),
        InConversation(SmtpStage.Dot),
        InDatabase("answer", "update of state on send_attempts", "new.state = 'accepted'"),
        InDatabase("settled", "update of state on send_intents", "new.state = 'accepted'"),
        InDatabase("message sent", "update of state on messages", "new.state = 'sent'"),
        InDatabase("event", "insert on events", "new.kind = 'sent'"),
        InDatabase("next step", "update on enrollments", "true"),
        AtCommit("answer committed", "update on send_attempts", "new.state = 'accepted'"),
    ];

    /// <summary>
    /// The advisory lock at which the database waits for the kill: the test holds it meanwhile.
    /// </summary>
    public const int KillLock = 7_201;

    /// <summary>Arms the trigger: the first time it strikes, then never more, rolled back or not.</summary>
    public string Arm(FailpointAction action)
    {
        var deed = action switch
        {
            FailpointAction.Refuse => "raise exception 'refused at a failpoint';",
            FailpointAction.Cut => "perform pg_terminate_backend(pg_backend_pid());",
            _ => $"perform pg_advisory_xact_lock({KillLock});",
        };
        return $"""
            create sequence failpoint_strikes;
            create function failpoint() returns trigger language plpgsql as $$ begin
                if nextval('failpoint_strikes') = 1 then {deed} end if;
                return new; end $$;
            create {Trigger} execute function failpoint();
            """;
    }

    public static string Disarm => "drop function failpoint cascade; drop sequence failpoint_strikes";

    public override string ToString() => Name;

    static Failpoint InDatabase(string name, string on, string when) =>
        new(name, $"trigger failpoint before {on} for each row when ({when})", null);

    static Failpoint AtCommit(string name, string on, string when) => new(
        name,
        $"constraint trigger failpoint after {on} initially deferred for each row when ({when})", null);

    static Failpoint InConversation(SmtpStage stage) => new(stage.ToString().ToLowerInvariant(), null, stage);
}
