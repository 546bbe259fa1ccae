using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class SendLedgerTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_letter_that_cannot_be_written_does_not_hold_up_the_others()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 12);
        await test.Do(
            """
            create function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'not this one'; end $$;
            create trigger refused before insert on send_attempts for each row
                when (new.intent_id % 12 = 5) execute function refuse();
            """);
        await test.Send();
        Assert.Equal(11, sink.Messages.Count);
        Assert.Equal("accepted 11, planned 1", await test.States("send_intents"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Letters_that_wait_together_share_a_commit_and_the_last_place_goes_to_one_of_them()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 16, draft => draft with { DailyLimit = 9 });
        await test.Do("create table commits (id xid8 primary key)");
        await test.Do(
            """
            create function note() returns trigger language plpgsql as
                $$ begin insert into commits values (pg_current_xact_id()) on conflict do nothing;
                   return null; end $$;
            create trigger noted after insert on send_attempts for each row execute function note();
            """);
        while (await test.Send() > 0) { }
        Assert.Equal(9, sink.Messages.Count);
        Assert.InRange(await test.Ask<long>("select count(*) from commits"), 1, 8);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task What_leaves_from_a_domain_with_a_key_is_signed()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var key = await test.Get<DomainKeys>().Put(test.Id, "overture.example", "s1", null, Cancel);
        Assert.Equal("s1._domainkey.overture.example", key.RecordName);
        await test.Ready(sink, 1);
        await test.Send();
        var signature = MimeReader.Read(sink.Messages[0].Bytes).Headers
            .Single(header => header.Name == "DKIM-Signature").Value;
        Assert.Contains("d=overture.example", signature, StringComparison.Ordinal);
        Assert.Contains("s=s1", signature, StringComparison.Ordinal);
        var sealedKey = await test.Ask<byte[]>("select private_key from domain_keys");
        Assert.DoesNotContain(
            "PRIVATE KEY", System.Text.Encoding.Latin1.GetString(sealedKey), StringComparison.Ordinal);
    }
}
