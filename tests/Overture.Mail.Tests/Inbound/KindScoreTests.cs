using Overture.Mail.Inbound;
using Overture.Testing;

namespace Overture.Mail.Tests.Inbound;

/// <summary>Automatic and human mail of other projects' tests, beside their own recognition.</summary>
public class KindScoreTests(ITestOutputHelper output)
{
    [Fact]
    public void Automatic_mail_is_told_from_human_mail()
    {
        var files = Corpus.Read("autoreply");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var automatic = new Score(output, "autoreply", "automatic found", "EmailEngine's rule 13/17");
        var human = new Score(output, "autoreply", "human left human",
            "all 37/37; BounceParser calls 36 a bounce");
        foreach (var file in files)
        {
            var kind = InboundReader.Classify(file.Email).KindName;
            var wanted = file.Expected["cls"]!.GetValue<string>();
            (wanted == "human" ? human : automatic).Add(kind == wanted, file.Name, () =>
                $"{kind} for {wanted}");
        }

        automatic.Print();
        human.Print();
        Assert.True(automatic.Share >= 15.0 / 17);
        Assert.Equal(0, human.Misses);
    }

    [Fact]
    public void No_human_reply_of_the_reply_corpus_is_called_automatic()
    {
        var files = Corpus.Read("reply");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var score = new Score(output, "reply (eml)", "human left human", "-");
        foreach (var file in files.Where(f => f.Format == "eml"))
        {
            var kind = InboundReader.Classify(file.Email).Kind;
            score.Add(kind == InboundKind.Human, file.Name, () => kind.ToString());
        }

        score.Print();
        Assert.Equal(0, score.Misses);
    }

    [Fact]
    public void Complaints_are_found_with_their_type()
    {
        var files = Corpus.Read("bounce-sisimai");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var score = new Score(output, "bounce-sisimai", "complaint type", "-");
        foreach (var file in files)
        {
            if (file.Expected["results"]!.AsArray() is not [var first, ..]) continue;
            if (first!["reason"]!.GetValue<string>() != "feedback") continue;
            var complaint = InboundReader.Classify(file.Email).Complaint;
            var wanted = first["feedback_type"]!.GetValue<string>();
            score.Add(complaint?.FeedbackType == wanted, file.Name, () =>
                $"{complaint?.FeedbackType} for {wanted}");
        }

        score.Print();
        Assert.True(score.Share >= 0.9);
    }

    [Fact]
    public void No_message_of_any_corpus_throws_or_takes_long()
    {
        var root = SharedData.PathOf("email");
        Assert.SkipWhen(root is null, "outside test data is absent");
        var slowest = TimeSpan.Zero;
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var mail = MimeReader.Read(File.ReadAllBytes(file));
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            InboundReader.Classify(mail);
            VisibleReply.From(mail.Text ?? "");
            var spent = System.Diagnostics.Stopwatch.GetElapsedTime(started);
            if (spent > slowest) slowest = spent;
        }

        output.WriteLine($"slowest message {slowest.TotalMilliseconds:F0} ms");
        Assert.True(slowest < TimeSpan.FromSeconds(1));
    }
}
