using System.Runtime.Versioning;
using Overture.Mail;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// The two designs everybody thinks of first, eight at a time: send and then record, or record and then send.
/// They are run by the same harness, to show that it finds what is wrong with them.
/// </summary>
[SupportedOSPlatform("linux")]
static class NaiveSender
{
    const int InFlight = 8;

    public static async Task Work(TestWorkspace test, bool recordsFirst, CancellationToken cancel)
    {
        await test.Do("update send_intents set state = 'planned', owner = null where state = 'claimed'");
        var port = await test.Ask<int>("select smtp_port from mailboxes");
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (!cancel.IsCancellationRequested && await One(test, port, recordsFirst, cancel)) { }
        }));
    }

    static async Task<bool> One(TestWorkspace test, int port, bool recordsFirst, CancellationToken cancel)
    {
        var taken = await Take(test, cancel);
        if (taken is not (var id, var to, var token)) return false;
        if (recordsFirst) await Record(test, id);
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
        if (recordsFirst) return true;
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
                    select id from send_intents where state = 'planned' order by id limit 1
                    for update skip locked)
                returning i.id, m.to_address, m.reference_token
                """,
                null, cancel),
            cancel);

    static Task Record(TestWorkspace test, long id) =>
        test.Do("update send_intents set state = 'accepted', owner = null where id = @id", new { id });
}
