using System.Runtime.Versioning;
using Npgsql;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// What a person writes back, from the inbox to the far side, under the promise of every message.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class SendAnswersTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_leaves_after_half_a_minute_in_the_thread_it_answers()
    {
        await using var them = await Replied();
        var id = await Conversation(them);
        await them.Test.Get<Conversations>().Answer(them.Test.Id, id, "Tuesday at ten?", "Ada", Cancel);
        Assert.Equal(0, await Send(them));
        Advance(them, 31);
        Assert.Equal(1, await Send(them));
        Assert.Equal(0, await Send(them));
        Assert.Equal("sent 1", await them.Test.States("answers"));
        var mail = them.SentTo("ann1@client.example");
        Assert.StartsWith("Tuesday at ten?\n\nOn ", mail.Text, StringComparison.Ordinal);
        Assert.Contains("> Yes, call me.", mail.Text, StringComparison.Ordinal);
        Assert.Equal("Re: For Client", mail.Subject);
        Assert.Equal("letter1@client.example", Assert.Single(mail.InReplyTo));
        Assert.Equal(2, mail.References.Count);
        Assert.Null(mail.Header("List-Unsubscribe"));
        Assert.False(await them.Test.Ask<bool>("select needs_answer from conversations"));
        them.Reply("ann1@client.example", "Tuesday it is.");
        await them.Look();
        Assert.Equal(1, await them.Test.Ask<long>("select count(*) from conversations"));
        var thread = await them.Test.Get<InboxReport>().Thread(them.Test.Id, id, Cancel);
        Assert.Equal(
            ["answer", "received", "received", "sent"], thread.Entries.Select(entry => entry.Kind).Order());
    }

    [Fact]
    public async Task An_answer_taken_back_in_time_never_leaves()
    {
        await using var them = await Replied();
        var conversations = them.Test.Get<Conversations>();
        var answer = await conversations.Answer(
            them.Test.Id, await Conversation(them), "No!", "Ada", Cancel);
        await conversations.TakeBack(them.Test.Id, answer, "Ada", Cancel);
        Advance(them, 60);
        Assert.Equal(0, await Send(them));
        Assert.Single(them.Smtp.Messages);
        Assert.Equal(
            "answer_gone",
            (await Assert.ThrowsAsync<RuleBroken>(
                () => conversations.TakeBack(them.Test.Id, answer, "Ada", Cancel))).Code);
    }

    [Fact]
    public async Task A_stop_and_a_suppression_hold_answers_back()
    {
        await using var them = await Replied();
        var id = await Conversation(them);
        await them.Test.Get<Conversations>().Answer(them.Test.Id, id, "Tuesday?", "Ada", Cancel);
        Advance(them, 31);
        await them.Test.Get<Workspaces>().Stop(them.Test.Id, "Ada", "enough", Cancel);
        await Send(them);
        Assert.Equal("planned 1", await them.Test.States("answers"));
        await them.Test.Get<Workspaces>().Resume(them.Test.Id, Cancel);
        await them.Test.Get<Suppressions>().Add(
            them.Test.Id, "ann1@client.example", "manual", null, "Ada", Cancel);
        Advance(them, 61);
        await Send(them);
        Assert.Equal("cancelled 1", await them.Test.States("answers"));
        Assert.Single(them.Smtp.Messages);
        Assert.Equal("suppressed", (await Assert.ThrowsAsync<RuleBroken>(() =>
            them.Test.Get<Conversations>().Answer(them.Test.Id, id, "But…", "Ada", Cancel))).Code);
    }

    [Fact]
    public async Task Silence_after_the_dot_is_never_answered_by_sending_again()
    {
        await using var them = await Replied();
        await them.Test.Get<Conversations>().Answer(
            them.Test.Id, await Conversation(them), "Tuesday?", "Ada", Cancel);
        Advance(them, 31);
        var other = await them.Test.Again();
        var now = them.Test.Time.GetUtcNow().UtcDateTime;
        await other.Database.InInstance(
            async session =>
            {
                var claimed = Assert.Single(await AnswerStore.ClaimDue(
                    session, other.Node.Id, now, now.AddMinutes(15), 10, Cancel));
                return await AnswerStore.Submit(session.In(them.Test.Id), claimed, now, Cancel);
            },
            Cancel);
        Assert.Equal(0, await Send(them));
        Assert.Equal("submitting 1", await them.Test.States("answers"));
        await other.DisposeAsync();
        Assert.Equal(0, await Send(them));
        Assert.Equal("uncertain 1", await them.Test.States("answers"));
        Assert.Single(them.Smtp.Messages);
    }

    [Fact]
    public async Task What_a_lost_database_broke_off_is_taken_up_by_the_next_batch()
    {
        await using var them = await Replied();
        await them.Test.Get<Conversations>().Answer(
            them.Test.Id, await Conversation(them), "Tuesday?", "Ada", Cancel);
        Advance(them, 31);
        await them.Test.Do(
            """
            create function cut() returns trigger language plpgsql as
                $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
            create trigger cutting before update on answers for each row
                when (new.state = 'submitting') execute function cut();
            """);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Send(them));
        Assert.Equal("claimed 1", await them.Test.States("answers"));
        await them.Test.Do("drop trigger cutting on answers");
        Assert.Equal(1, await Send(them));
        Assert.Equal("sent 1", await them.Test.States("answers"));
        Assert.Equal(2, them.Smtp.Messages.Count);
    }

    [Fact]
    public async Task A_dry_run_keeps_the_bytes_and_sends_nothing()
    {
        await using var them = await Replied();
        await them.Test.Get<Workspaces>().SetDryRun(them.Test.Id, true, Cancel);
        await them.Test.Get<Conversations>().Answer(
            them.Test.Id, await Conversation(them), "Tuesday?", "Ada", Cancel);
        Advance(them, 31);
        await Send(them);
        Assert.Equal("captured 1", await them.Test.States("answers"));
        Assert.StartsWith(
            "Tuesday?", MimeReader.Read(await them.Test.Ask<byte[]>("select content from answers")).Text,
            StringComparison.Ordinal);
        Assert.Single(them.Smtp.Messages);
    }

    [Fact]
    public async Task A_snoozed_conversation_comes_back_at_its_moment_or_with_new_mail()
    {
        await using var them = await Replied();
        var (id, conversations) = (await Conversation(them), them.Test.Get<Conversations>());
        var tomorrow = them.Test.Time.GetUtcNow().UtcDateTime.AddDays(1);
        await conversations.Snooze(them.Test.Id, id, tomorrow, Cancel);
        await them.Test.Get<ListenToMailboxes>().RunBatch(them.Test.Node.Id, Cancel);
        Assert.Equal("snoozed 1", await them.Test.States("conversations"));
        Advance(them, 86_400);
        await them.Test.Get<ListenToMailboxes>().RunBatch(them.Test.Node.Id, Cancel);
        Assert.Equal("open 1", await them.Test.States("conversations"));
        await conversations.Snooze(them.Test.Id, id, tomorrow.AddDays(9), Cancel);
        them.Reply("ann1@client.example", "Hello?");
        await them.Look();
        Assert.Equal("open 1", await them.Test.States("conversations"));
    }

    [Fact]
    public async Task A_person_corrects_an_intent_and_a_refusal_takes_effect()
    {
        await using var them = await Replied();
        await them.Test.Get<Conversations>().SetIntent(
            them.Test.Id, await Conversation(them), ReplyIntent.Refusal, "Ada", Cancel);
        Assert.Equal("refused", await them.Test.Ask<string>("select reason from suppressions"));
        Assert.Equal("refusal Ada", await them.Test.Ask<string>(
            "select intent || ' ' || intent_by from received_mail"));
    }

    static async Task<Correspondent> Replied()
    {
        var them = await Correspondent.WrittenTo(1);
        them.Reply("ann1@client.example", "Yes, call me.");
        await them.Look();
        return them;
    }

    static Task<long> Conversation(Correspondent them) => them.Test.Ask<long>("select id from conversations");

    static Task<int> Send(Correspondent them) =>
        them.Test.Get<SendAnswers>().RunBatch(them.Test.Node.Id, Cancel);

    static void Advance(Correspondent them, int seconds) =>
        ((ManualTime)them.Test.Time).Advance(TimeSpan.FromSeconds(seconds));
}
