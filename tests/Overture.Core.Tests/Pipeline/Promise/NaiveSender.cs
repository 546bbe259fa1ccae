using System.Runtime.Versioning;
using Overture.Mail;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// The designs everybody thinks of first, eight at a time: send and then record, record and then send, or
/// look for work and then take it. They are run by the same harness, to show that it finds what is wrong with
/// them.
/// </summary>
[SupportedOSPlatform("linux")]
static class NaiveSender
{
    public const string SendFirst = "send first", RecordFirst = "record first", NoLock = "no lock";

    const int InFlight = 8;

    public static async Task Work(TestWorkspace test, string design, CancellationToken cancel)
    {
        if (design != NoLock)
            await test.Do("update send_intents set state = 'planned', owner = null where state = 'claimed'");
        var port = await test.Ask<int>("select smtp_port from mailboxes");
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (!cancel.IsCancellationRequested && await One(test, port, design, cancel)) { }
        }));
    }

    static async Task<bool> One(TestWorkspace test, int port, string design, CancellationToken cancel)
    {
        var taken = design == NoLock ? await LookAndTake(test) : await Take(test, cancel);
        if (taken is not (var id, var to, var token)) return false;
        if (design == RecordFirst) await Record(test, id);
        var connection = await SmtpSession.Connect(
            new SmtpOptions { Host = "localhost", Port = port, Security = SmtpSecurity.None }, cancel);
        if (connection.Session is not { } session) return true;
        await using var open = session;
        var outcome = await session.Send(
            new SmtpEnvelope(EmailAddress.Parse("ada@overture.example"), [EmailAddress.Parse(to)]),
            System.Text.Encoding.ASCII.GetBytes(
                $"From: ada@overture.example\r\nTo: {to}\r\n"
                + $"{Overture.Core.Pipeline.EmailBuilder.ReferenceHeader}: {token}\r\n\r\nHello.\r\n"),
            cancel);
        if (design == RecordFirst) return true;
        if (outcome is SendOutcome.Accepted) await Record(test, id);
        else await test.Do(
            "update send_intents set state = 'planned', owner = null where id = @id", new { id });
        return true;
    }

    static async Task<(long Id, string To, string Token)?> Take(
        TestWorkspace test, CancellationToken cancel) =>
        await test.Database.InInstance(
            session => session.Maybe<(long, string, string)?>(
                """
                update send_intents i set state = 'claimed', owner = 1, fence = fence + 1
                from messages m
                where m.id = i.message_id and i.id = (
                    select id from send_intents where state = 'planned' and due_at <= now()
                    order by id limit 1 for update skip locked)
                returning i.id, m.to_address, m.reference_token
                """,
                null, cancel),
            cancel);

    static async Task<(long Id, string To, string Token)?> LookAndTake(TestWorkspace test)
    {
        var found = await test.List<(long Id, string To, string Token)>(
            """
            select i.id, m.to_address, m.reference_token
            from send_intents i join messages m on m.id = i.message_id
            where i.state = 'planned' order by i.id limit 1
            """);
        if (found.Count == 0) return null;
        await test.Do(
            "update send_intents set state = 'claimed', owner = 1 where id = @id and state = 'planned'",
            new { id = found[0].Id });
        return found[0];
    }

    static Task Record(TestWorkspace test, long id) => test.Do(
        "update send_intents set state = 'accepted', owner = null where id = @id and state <> 'accepted'",
        new { id });
}
