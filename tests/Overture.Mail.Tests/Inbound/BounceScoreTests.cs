using System.Text.Json.Nodes;
using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

/// <summary>
/// Delivery reports with the labels of other projects; the best of their readers stands beside ours.
/// </summary>
public class BounceScoreTests(ITestOutputHelper output)
{
    [Fact]
    public void Reports_of_seventy_mail_systems_are_found_with_their_reasons()
    {
        var files = Corpus.Read("bounce-sisimai");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var found = new Score(output, "bounce-sisimai", "found", "Sisimai 5 100 % (its own)");
        var reasons = new Score(output, "bounce-sisimai", "reasons exact", "Sisimai 5 94.5 % (its own)");
        var hard = new Score(output, "bounce-sisimai", "hard", "Sisimai 5 97.0 % (its own)");
        foreach (var file in files.Where(f => f.Expected["is_bounce_report"]!.GetValue<bool>()))
        {
            var results = file.Expected["results"]!.AsArray();
            var wanted = Values(results, "reason");
            if (wanted.Exists(r => r is "feedback" or "vacation")) continue;
            var report = InboundReader.Classify(file.Email).Bounce;
            found.Add(report is not null, file.Name, () => "not found");
            var ours = report?.Recipients.Select(r => r.Reason).Order().ToList() ?? [];
            reasons.Add(ours.SequenceEqual(wanted), file.Name,
                () => $"{string.Join(',', ours)} for {string.Join(',', wanted)}");
            hard.Add(Values(results, "hardbounce").SequenceEqual(
                report?.Recipients.Select(r => r.Hard ? "true" : "false").Order()
                    ?? Enumerable.Empty<string>()), file.Name, () => "hard");
        }

        found.Print();
        reasons.Print();
        hard.Print();
        Assert.True(found.Share >= 0.98);
        Assert.True(reasons.Share >= 0.90);
    }

    [Fact]
    public void Recipients_are_found()
    {
        var files = Corpus.Read("bounce-flufl");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var score = new Score(output, "bounce-flufl", "address sets", "flufl 50/51 (its own), Sisimai 45/51");
        foreach (var file in files)
        {
            var wanted = Set(file.Strings("permanent").Concat(file.Strings("temporary")));
            var ours = Set(BounceReader.Read(file.Email)?.Recipients.Where(r =>
                r.Action is "failed" or "delayed").Select(r => r.Address) ?? []);
            score.Add(ours == wanted, file.Name, () => $"{ours} for {wanted}");
        }

        score.Print();
        Assert.True(score.Share >= 0.90);
    }

    [Fact]
    public void Bounces_and_what_is_none_are_told_apart()
    {
        var files = Corpus.Read("bounce-bounceparser");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var kinds = new Score(output, "bounce-bounceparser", "is_bounce",
            "BounceParser 65/65 (its own), Sisimai 60/65");
        var addresses = new Score(output, "bounce-bounceparser", "address", "BounceParser 23/23 (its own)");
        foreach (var file in files)
        {
            var reading = InboundReader.Classify(file.Email);
            if (file.Expected["is_bounce"] is { } isBounce)
                kinds.Add(isBounce.GetValue<bool>() == (reading.Kind == InboundKind.Bounce), file.Name, () =>
                    reading.KindName);
            if (!file.Expected.ContainsKey("addresses")) continue;
            var ours = Set(reading.Bounce?.Recipients.Select(r => r.Address) ?? []);
            addresses.Add(ours == Set(file.Strings("addresses")), file.Name, () => ours);
        }

        kinds.Print();
        addresses.Print();
        Assert.True(kinds.Share >= 0.92);
        Assert.True(addresses.Share >= 0.90);
    }

    [Fact]
    public void Other_reports_and_complaints_are_read()
    {
        var files = Corpus.Read("bounce-misc");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var found = new Score(output, "bounce-misc", "found", "RFC 3464 fields 14/14");
        var recipients = new Score(output, "bounce-misc", "recipients", "RFC 3464 fields 6/7");
        foreach (var file in files)
        {
            var reading = InboundReader.Classify(file.Email);
            var isReport = reading.Kind is InboundKind.Bounce or InboundKind.Complaint;
            found.Add(isReport == file.Expected["is_bounce_report"]!.GetValue<bool>(), file.Name, () =>
                reading.KindName);
            if (file.Expected["dsn"] is not JsonArray dsn) continue;
            var wanted = Set(dsn.Select(d => $"{d!["final_recipient"]}|{d["action"]}"));
            var ours = Set(reading.Bounce?.Recipients.Select(r => $"{r.Address}|{r.Action}") ?? []);
            recipients.Add(ours == wanted, file.Name, () => $"{ours} for {wanted}");
        }

        found.Print();
        recipients.Print();
        Assert.Equal(0, found.Misses);
        Assert.Equal(0, recipients.Misses);
    }

    static List<string> Values(JsonArray results, string name) =>
        [.. results.Select(r => r![name]!.ToString()).Order()];

    static string Set(IEnumerable<string> values) =>
        string.Join(' ', values.Select(v => v.ToLowerInvariant()).Distinct().Order());
}
