using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Mail.Inbound;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

public sealed class ReplyIntentRulesTests
{
    const double LeastRight = 0.95;

    static readonly Lazy<IReadOnlyList<(string Intent, string Text)>> Labelled = new(ReadLabelled);

    [Fact]
    public void Every_labelled_refusal_is_found_and_nothing_else_is_taken_for_one()
    {
        var wrong = Labelled.Value
            .Select(one => (one.Intent, one.Text, Says: Word(ReplyIntentRules.Read(null, one.Text).Intent)))
            .Where(one => (one.Intent == "refusal") != (one.Says == "refusal"))
            .Select(one => $"{one.Text}: {one.Says}, not {one.Intent}").ToList();
        Assert.Empty(wrong);
    }

    [Fact]
    public void Most_labelled_replies_are_read_right()
    {
        var wrong = Labelled.Value
            .Select(one => (one.Intent, one.Text, Reading: ReplyIntentRules.Read(null, one.Text)))
            .Where(one => one.Intent != Word(one.Reading.Intent))
            .Select(one => $"{one.Text}: {Word(one.Reading.Intent)} ({one.Reading.Words}), not {one.Intent}")
            .ToList();
        var right = 1 - ((double)wrong.Count / Labelled.Value.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{right:P1} of {Labelled.Value.Count} right; wrong:\n{string.Join('\n', wrong)}"));
        Assert.True(right >= LeastRight, string.Join('\n', wrong));
    }

    [Fact]
    public void A_refusal_beside_a_yes_is_left_to_a_person()
    {
        var reading = ReplyIntentRules.Read(
            null, "I'm interested, but please stop sending me messages to this address, use my other one.");
        Assert.Equal(ReplyIntent.Refusal, reading.Intent);
        Assert.True(reading.Confidence < ReplyIntentRules.Sure);
    }

    [Fact]
    public void The_reason_is_in_the_writers_words()
    {
        var reading = ReplyIntentRules.Read(null, "Hello Ada. Please, could you REMOVE me from your list? Bob");
        Assert.Equal((ReplyIntent.Refusal, "remove me from"), (reading.Intent, reading.Words));
    }

    [Fact]
    public void Words_of_our_own_message_are_not_the_writers()
    {
        const string Ours = "Hi Ann,\n\nNot for you? Unsubscribe me from this list: https://a.example/u/1\n";
        const string Reply = "Yes, call me.\n\nNot for you? Unsubscribe me from this list: https://a.example/u/1";
        Assert.Equal(ReplyIntent.Positive, ReplyIntentRules.Read(null, Reply, Ours).Intent);
        Assert.Equal(ReplyIntent.Refusal, ReplyIntentRules.Read(null, Reply).Intent);
    }

    [Fact]
    public void A_mail_without_text_is_read_by_its_subject() =>
        Assert.Equal(ReplyIntent.Refusal, ReplyIntentRules.Read("Unsubscribe", "").Intent);

    [Fact]
    public void Hostile_text_ends_soon()
    {
        var text = string.Concat(Enumerable.Repeat("please remove remove me me from stop do not ", 200_000));
        var started = TimeProvider.System.GetTimestamp();
        ReplyIntentRules.Read(text, text, text);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Mail_of_people_who_refuse_nothing_is_never_a_refusal()
    {
        var folder = SharedData.PathOf("email/autoreply");
        Assert.SkipWhen(folder is null, "outside test data is absent");
        var files = Directory.GetFiles(folder!, "*.eml", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(
                SharedData.PathOf("email/reply")!, "*.eml", SearchOption.AllDirectories)).ToList();
        var refused = new List<string>();
        foreach (var file in files)
        {
            var mail = MimeReader.Read(File.ReadAllBytes(file));
            var words = VisibleReply.From(mail.Text ?? "");
            if (ReplyIntentRules.Read(mail.Subject, words) is { Intent: ReplyIntent.Refusal } reading)
                refused.Add($"{Path.GetFileName(file)}: {reading.Words} ({reading.Confidence:0.00})");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{refused.Count} of {files.Count} refused\n{string.Join('\n', refused)}");
        Assert.Empty(refused);
    }

    static string Word(ReplyIntent intent) => ReceivedMailStore.Word(intent)!;

    static List<(string, string)> ReadLabelled()
    {
        using var stream = typeof(ReplyIntentRulesTests).Assembly.GetManifestResourceStream("labelled-replies.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Contains('\t') && line[0] != '#')
            .Select(line => line.TrimEnd('\r').Split('\t'))
            .Select(parts => (parts[0], parts[1].Replace("\\n", "\n", StringComparison.Ordinal)))];
    }
}
