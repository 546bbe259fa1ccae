using System.Diagnostics;
using System.Text.Json.Nodes;
using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

/// <summary>
/// Replies with the labels of twelve other projects; the best of their parsers stands beside ours.
/// </summary>
public class ReplyScoreTests(ITestOutputHelper output)
{
    static readonly TimeSpan SlowestAllowed = TimeSpan.FromSeconds(1);

    [Fact]
    public void Replies_are_read_as_their_labels_say()
    {
        var files = Corpus.Read("reply");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var all = new Score(output, "reply", "all", "discourse 74.8 % (with its own)");
        var sources = new SortedDictionary<string, Score>();
        foreach (var file in files.Where(f => !f.Expected.ContainsKey("needs")))
        {
            var visible = Visible(file);
            if (Hit(file, visible) is not { } hit) continue;
            all.Add(hit, file.Name, () => visible.ReplaceLineEndings("|"));
            if (!sources.TryGetValue(file.Source, out var source))
                sources[file.Source] = source = new Score(output, "reply", file.Source,
                    "68.7 % on foreign mail");
            source.Add(hit, file.Name, () => "");
        }

        all.Print();
        foreach (var source in sources.Values) source.Print();
        Assert.True(all.Share >= 0.85);
        // A single label cannot make a share; such sources count only in the whole.
        Assert.All(sources.Where(s => s.Key is not "talon-signature"), s =>
            Assert.True(s.Value.Share > 0.75, s.Key));
    }

    [Fact]
    public void No_reply_takes_long()
    {
        var files = Corpus.Read("reply");
        Assert.SkipWhen(files is null, "outside test data is absent");
        var slowest = TimeSpan.Zero;
        foreach (var file in files)
        {
            var started = Stopwatch.GetTimestamp();
            Visible(file);
            var spent = Stopwatch.GetElapsedTime(started);
            if (spent > slowest) slowest = spent;
        }

        output.WriteLine($"slowest reply {slowest.TotalMilliseconds:F0} ms; crisp and "
            + $"node-email-reply-parser need over 5 s");
        Assert.True(slowest < SlowestAllowed);
    }

    static string Visible(LabelledFile file) => file.Format switch
    {
        "html" => VisibleReply.FromHtml(file.Text),
        "eml" => VisibleReply.From(file.Email.Text ?? ""),
        _ => VisibleReply.From(file.Text),
    };

    static bool? Hit(LabelledFile file, string visible)
    {
        bool? hit = null;
        foreach (var (name, value) in file.Expected)
        {
            var held = Holds(name, value, visible, file);
            if (held is false) return false;
            hit ??= held;
        }

        return hit;
    }

    static bool? Holds(string name, JsonNode? value, string visible, LabelledFile file) => name switch
    {
        "visible_exact" or "first_fragment" => Lines(visible) == Lines(value!.GetValue<string>()),
        "starts_with" => visible.StartsWith(value!.GetValue<string>(), StringComparison.Ordinal),
        "contains" => file.Strings(name).TrueForAll(s => visible.Contains(s, StringComparison.Ordinal)),
        "not_contains" => file.Strings(name).TrueForAll(s => !visible.Contains(s, StringComparison.Ordinal)),
        "visible_no_whitespace" => Dense(visible) == Dense(value!.GetValue<string>()),
        "html_exact_no_whitespace" => Dense(visible) == Dense(HtmlText.FromHtml(value!.GetValue<string>())),
        "segments_intro_hidden" => Dense(visible) == Dense(Shown(value!.AsArray())),
        "quote_header" => IsCutAt(value, visible, file),
        _ => null,
    };

    static string Shown(JsonArray segments) => string.Concat(
        segments.Where(s => s![0]!.GetValue<bool>()).Select(s =>
            HtmlText.FromHtml(s![1]!.GetValue<string>())));

    // The label gives the lines of the quote header: what is shown comes from above it and holds none of it.
    static bool IsCutAt(JsonNode? header, string visible, LabelledFile file)
    {
        var body = file.Email.Text ?? "";
        if (header is null) return Dense(visible).Length * 2 >= Dense(body).Length;
        var lines = body.Split('\n');
        var (start, end) = (header["start_line"]!.GetValue<int>(), header["end_line"]!.GetValue<int>());
        var above = Dense(string.Concat(lines.Take(start)));
        var shown = Dense(visible);
        var first = Dense(string.Concat(lines.Skip(start).Take(Math.Max(1, end - start))));
        first = first.Trim('>', '*');
        return (first.Length == 0
            || !shown.Contains(first[..Math.Min(20, first.Length)], StringComparison.Ordinal))
            && (shown.Length == 0
                ? above.Length == 0 : above.StartsWith(shown[..Math.Min(40, shown.Length)],
                StringComparison.Ordinal));
    }

    static string Lines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())).Trim();

    static string Dense(string text) => new([.. text.Where(c => !char.IsWhiteSpace(c) && c != '\u200b')]);
}
