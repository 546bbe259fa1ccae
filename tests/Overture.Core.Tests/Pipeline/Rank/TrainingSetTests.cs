using System.Globalization;
using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Ranking.Labels;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class TrainingSetTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_history_has_the_answer_and_the_label_it_deserves()
    {
        await using var test = await TestWorkspace.Create();
        var past = History(test);
        await past.Sent("hour", 1 / 24.0);
        await past.Sent("silent", 30);
        await past.Event(await past.Sent("replied", 10), "replied", 8);
        await past.Event(await past.Sent("neutral", 10), "replied", 8, "neutral");
        await past.Event(await past.Sent("negative", 10), "replied", 8, "negative");
        await past.Event(await past.Sent("away", 10), "replied", 9, "out_of_office");
        await past.Event(await past.Sent("longaway", 30), "replied", 29, "out_of_office");
        await past.Event(await past.Sent("machine", 30), "auto_replied", 29);
        await past.Event(await past.Sent("gone", 30), "unsubscribed", 29);
        await past.Event(await past.Sent("bounced", 30), "bounced", 29);
        await past.Event(await past.Enroll("captured", 30), "captured", 30);
        await past.Event(await past.Enroll("uncertain", 30), "uncertain", 30);
        await past.Event(await past.Enroll("failed", 30), "failed", 30);
        await past.Enroll("untouched", 30);
        var late = await past.Sent("turned", 30);
        await past.Event(late, "unsubscribed", 29);
        await past.Event(late, "replied", 28);
        var read = await past.Enroll("arrived", 30);
        await past.Event(read, "uncertain", 30);
        await past.Event(read, "replied", 28);
        var marked = await past.Enroll("marked", 30, "replied");
        await past.Event(marked, "sent", 30);
        await past.Sent("objected", 30);
        await test.Get<Suppressions>().Add(
            test.Id, "objected@past.example", "refused", null, "test", Cancel);

        var summary = await test.Get<TrainingSet>().Rebuild(test.Id, (_, _) => Task.CompletedTask, Cancel);

        Assert.Equal(21, summary.PatienceDays);
        Assert.Equal(
            [
                "arrived replied yes", "away auto_reply none", "bounced bounced none",
                "captured captured none",
                "failed not_delivered none", "gone refused no", "hour silence none", "longaway auto_reply no",
                "machine auto_reply no",
                "marked replied yes", "negative refused no", "neutral replied yes", "objected refused no",
                "replied replied yes", "silent silence no", "turned refused no", "uncertain uncertain none",
            ],
            await test.List<string>(
                """
                select c.full_name || ' ' || e.answer || ' ' || case e.is_yes when true then 'yes'
                    when false then 'no' else 'none' end
                from training_examples e
                join leads l on l.id = e.lead_id join contacts c on c.id = l.contact_id
                order by c.full_name
                """));
        Assert.Equal(11, summary.Labelled);
    }

    [Fact]
    public async Task A_request_sent_an_hour_ago_is_in_no_training_set_until_its_time_has_come()
    {
        await using var test = await TestWorkspace.Create();
        await History(test).Sent("ann", 1 / 24.0);
        Assert.Equal(0, (await Rebuilt(test)).Labelled);

        ((ManualTime)test.Time).Advance(TimeSpan.FromDays(21));
        Assert.Equal(1, (await Rebuilt(test)).Labelled);
        Assert.Equal(
            "False",
            await test.Ask<string>(
                "select case when is_yes then 'True' else 'False' end from training_examples"));
    }

    /// <summary>One rule in two places: the mart in SQL, and the labels that simulations use.</summary>
    [Fact]
    public async Task The_mart_and_the_labels_agree_on_random_histories()
    {
        await using var test = await TestWorkspace.Create();
        var past = History(test);
        var random = new Random(7);
        List<(string Name, TouchRecord Touch)> all = [];
        var now = test.Time.GetUtcNow();
        for (var i = 0; i < 60; i++)
        {
            var (age, after) = (random.Next(1, 60) + 0.5, random.NextDouble() * 6);
            var answer = (TouchAnswer)random.Next(Enum.GetValues<TouchAnswer>().Length);
            if (answer == TouchAnswer.Accepted) answer = TouchAnswer.Replied;
            var answered = Math.Max(0.01, age - after);
            var enrollment = await past.Enroll($"n{i:00}", age);
            await past.Event(enrollment, answer == TouchAnswer.NotDelivered ? "failed" : "sent", age);
            if (answer is not (TouchAnswer.Silence or TouchAnswer.NotDelivered))
                await past.Event(enrollment, answer switch
                {
                    TouchAnswer.Refused => "complained", TouchAnswer.Bounced => "bounced", _ => "replied",
                }, answered, answer == TouchAnswer.AutoReplied ? "out_of_office" : null);
            all.Add(($"n{i:00}", new TouchRecord($"n{i:00}", now.AddDays(-age), answer,
                answer is TouchAnswer.Silence ? null : now.AddDays(-answered))));
        }

        var touches = all.Select(a => a.Touch).ToList();
        var summary = await Rebuilt(test);
        Assert.Equal(AnswerLabels.WindowOf(touches, now).TotalDays, summary.PatienceDays, 0.001);
        Assert.Equal(
            AnswerLabels.Of(touches, now).Select(l => $"{l.LeadId} {l.IsYes?.ToString() ?? "none"}"),
            await test.List<string>(
                """
                select c.full_name || ' ' || case e.is_yes when true then 'True' when false then 'False'
                    else 'none' end
                from training_examples e
                join leads l on l.id = e.lead_id join contacts c on c.id = l.contact_id
                order by 1
                """));
    }

    [Fact]
    public async Task What_was_learned_after_the_message_left_is_no_feature()
    {
        await using var test = await TestWorkspace.Create();
        await test.Get<Rankings>().Put(
            test.Id, new RankingSettings { Positive = ["before", "after"] }, "test", Cancel);
        await History(test).Sent("ann", 30);
        foreach (var (word, days) in new[] { ("before", 31), ("after", 29) })
            await test.Do(
                """
                insert into facts (workspace_id, contact_id, field, value, provider, confidence, observed_at)
                select workspace_id, id, @word, to_jsonb('says ' || @word), 'test', 1, @at from contacts
                """,
                new { word, at = test.Time.GetUtcNow().UtcDateTime.AddDays(-days) });

        await Rebuilt(test);

        var lines = (await Csv(test)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var cells = lines[0].Split(',').Zip(lines[1].Split(',')).ToDictionary(c => c.First, c => c.Second);
        Assert.Equal("1", cells["positive keyword: before"]);
        Assert.Equal("0", cells["positive keyword: after"]);
        Assert.Equal("0", cells["label"]);
        Assert.Equal("silence", cells["answer"]);
        Assert.Equal("", cells["years_experience"]);
    }

    [Fact]
    public async Task The_export_follows_a_changed_feature_list_by_itself()
    {
        await using var test = await TestWorkspace.Create();
        await History(test).Sent("ann", 30);
        var before = await Csv(test);
        await test.Get<Rankings>().Put(
            test.Id, new RankingSettings { Positive = ["one, \"two\""] }, "test", Cancel);
        var after = await Csv(test);
        Assert.DoesNotContain("keyword: ", before, StringComparison.Ordinal);
        Assert.Contains("\"positive keyword: one, \"\"two\"\"\"", after, StringComparison.Ordinal);
        Assert.Equal(2, after.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Another_workspace_s_answers_are_not_learned_from()
    {
        await using var test = await TestWorkspace.Create();
        await History(test).Sent("ann", 30);
        var other = await test.Get<Workspaces>().Add("Other", "UTC", Cancel);
        var summary = await test.Get<TrainingSet>().Rebuild(other, (_, _) => Task.CompletedTask, Cancel);
        Assert.Equal(0, summary.Touched);
    }

    static Task<TrainingSetSummary> Rebuilt(TestWorkspace test) =>
        test.Get<TrainingSet>().Rebuild(test.Id, (_, _) => Task.CompletedTask, Cancel);

    static async Task<string> Csv(TestWorkspace test)
    {
        await using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        await test.Get<TrainingSet>().WriteCsv(test.Id, text, Cancel);
        return text.ToString();
    }

    static TouchHistory History(TestWorkspace test) => new(test.Database, test.Id, test.Time);
}
