using System.Diagnostics;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>
/// Real messages with the labels of other projects; their own readers' scores stand beside ours.
/// </summary>
public class MimeScoreTests(ITestOutputHelper output)
{
    static readonly TimeSpan SlowestAllowed = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData("mime-stalwart", 0.75, "mailparser 36/53, postal-mime 33/53, Python 34/56, ruby-mail 28/53")]
    [InlineData("mime-zbateson", 0.70, "mailparser 19/33, postal-mime 19/33, Python 21/33, ruby-mail 19/33")]
    [InlineData("mime-mikel", 0.70, "mailparser 8/9, postal-mime 8/9, Python 7/9, ruby-mail 8/9")]
    public void Whole_messages_are_read_as_their_labels_say(string corpus, double least, string peers)
    {
        var labels = MimeLabel.Of(corpus);
        Assert.SkipWhen(labels is null, "outside test data is absent");
        var differing = labels.Select(label => (label.File, Differences: label.Differences()))
            .Where(read => read.Differences.Count > 0).ToList();
        foreach (var (file, differences) in differing)
            output.WriteLine($"{file}\n    {string.Join("\n    ", differences.Select(Short))}");
        var same = labels.Count - differing.Count;
        AssertScore(corpus + " whole", same, labels.Count, least, peers);
    }

    [Theory]
    [InlineData("mime-stalwart", 0.90, "Python 46/56")]
    [InlineData("mime-zbateson", 0.90, "-")]
    [InlineData("mime-mimekit", 0.90, "Python 12/16")]
    public void Structures_are_read_as_their_labels_say(string corpus, double least, string peers)
    {
        var labels = MimeLabel.Of(corpus)?.FindAll(label => label.Expected.ContainsKey("structure"));
        Assert.SkipWhen(labels is null, "outside test data is absent");
        var same = 0;
        foreach (var label in labels)
        {
            if (label.SameStructure(out var ours)) same++;
            else output.WriteLine($"{label.File}\n    {label.Expected["structure"]}\n    {ours}");
        }

        AssertScore(corpus + " structure", same, labels.Count, least, peers);
    }

    [Fact]
    public void No_message_of_any_corpus_throws_or_takes_long()
    {
        var root = SharedData.PathOf("email");
        Assert.SkipWhen(root is null, "outside test data is absent");
        var (count, slowest, slowestFile) = (0, TimeSpan.Zero, "");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var message = File.ReadAllBytes(file);
            var started = Stopwatch.GetTimestamp();
            Touch(MimeReader.Read(message));
            var spent = Stopwatch.GetElapsedTime(started);
            count++;
            if (spent > slowest) (slowest, slowestFile) = (spent, file);
        }

        var name = Path.GetRelativePath(root, slowestFile);
        output.WriteLine($"{count} files, 0 errors, slowest {slowest.TotalMilliseconds:F0} ms ({name})");
        output.WriteLine("peers over 702 files: mailparser 0 errors, slowest 193 ms; postal-mime 0, 446 ms;");
        output.WriteLine("Python 4 errors, 590 ms; ruby-mail 10 errors, 57 ms");
        Assert.True(slowest < SlowestAllowed);
    }

    void AssertScore(string what, int same, int all, double least, string peers)
    {
        output.WriteLine(ScoreLine.Of(what, same, all, peers));
        Assert.True(same >= least * all, $"{what}: {same} of {all}");
    }

    /// <summary>Reads everything that is decoded on first use.</summary>
    internal static void Touch(ReceivedEmail email)
    {
        _ = (email.Subject, email.From, email.Sender, email.ReplyTo, email.To, email.Cc, email.Date);
        _ = (email.MessageId, email.InReplyTo, email.References);
        _ = (email.Text, email.Html, email.TextIsFromHtml);
        foreach (var file in email.Attachments)
            _ = (file.Name, file.Type, file.Size, file.IsInline, file.ContentId);
        foreach (var leaf in email.Leaves()) _ = (leaf.DecodeText(), leaf.Message?.Text);
        foreach (var field in email.Headers) _ = (field.Name, field.Value);
        if (email.Html is { } html) _ = SafeHtml.Sanitise(html);
    }

    static string Short(string difference) =>
        difference.Length <= 400 ? difference : string.Concat(difference.AsSpan(0, 400), "...");
}
