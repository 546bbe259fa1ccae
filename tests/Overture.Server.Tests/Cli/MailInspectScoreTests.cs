using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Overture.Mail;
using Overture.Mail.Inbound;
using Overture.Testing;

namespace Overture.Server.Tests.Cli;

/// <summary>
/// What the command line prints about real mail, beside the labels of other projects: the printed words must
/// be as good as the library behind them.
/// </summary>
public sealed partial class MailInspectScoreTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("mime-stalwart", 0.75)]
    [InlineData("mime-zbateson", 0.70)]
    public async Task Whole_messages_are_printed_as_their_labels_say(string corpus, double least)
    {
        Score($"{corpus} whole", await Inspect(corpus), least, file => file.Expected.All(label =>
            label.Key is "structure" || Printed(label.Key, file) is not { } ours
            || ours == Labelled(label.Key, label.Value, file)));
    }

    [Theory]
    [InlineData("mime-stalwart", 0.90)]
    [InlineData("mime-zbateson", 0.90)]
    public async Task Structures_are_printed_as_their_labels_say(string corpus, double least)
    {
        var files = (await Inspect(corpus)).FindAll(file => file.Expected.ContainsKey("structure"));
        Score($"{corpus} structure", files, least, file => string.Equals(
            file.Mime["structure"]!.ToJsonString(), file.Expected["structure"]!.ToJsonString(),
            StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Bounces_are_printed_with_their_reasons()
    {
        var files = (await Inspect("bounce-sisimai")).FindAll(file => (bool)file.Expected["is_bounce_report"]!
            && !Sorted(file.Expected["results"]!, "reason")
                .Exists(reason => reason is "feedback" or "vacation"));
        Score("bounce-sisimai found", files, 0.98, file => file.Printed["bounce"] is not null);
        Score("bounce-sisimai reasons", files, 0.90, file => Sorted(file.Recipients, "reason")
            .SequenceEqual(Sorted(file.Expected["results"]!, "reason")));
        Score("bounce-sisimai hard", files, 0.90, file => Sorted(file.Recipients, "hard")
            .SequenceEqual(Sorted(file.Expected["results"]!, "hardbounce")));
    }

    [Fact]
    public async Task Recipients_of_bounces_are_printed() =>
        Score("bounce-flufl recipients", await Inspect("bounce-flufl"), 0.90, file =>
        {
            var wanted = new[] { "permanent", "temporary" }.SelectMany(kind =>
                file.Expected[kind]!.AsArray());
            var ours = file.Recipients.AsArray()
                .Where(one => (string)one!["action"]! is "failed" or "delayed");
            return Set(ours.Select(one => one!["address"])) == Set(wanted);
        });

    [Fact]
    public async Task Automatic_mail_is_named_and_human_mail_is_not()
    {
        var files = await Inspect("autoreply");
        var human = files.FindAll(file => (string)file.Expected["cls"]! == "human");
        Score("autoreply human", human, 1, file => (string?)file.Printed["kind"] == "human");
        Score("autoreply automatic", [.. files.Except(human)], 15.0 / 17, file =>
            (string?)file.Printed["kind"] == (string?)file.Expected["cls"]);
    }

    [Fact]
    public async Task Visible_replies_are_printed()
    {
        List<Inspected> files =
        [
            .. await Inspect("reply", row => Format(row) == "eml"),
            .. await Inspect("reply", row => Format(row) == "text", "--text"),
            .. await Inspect("reply", row => Format(row) == "html", "--html"),
        ];
        Assert.All(files, file => Assert.Equal(Visible(file), (string)file.Printed["reply"]!["visible"]!));
        Score("reply exact", files.FindAll(file => file.Expected.ContainsKey("visible_exact")), 0.80, file =>
            Trimmed(file.Printed["reply"]!["visible"]!) == Trimmed(file.Expected["visible_exact"]!));
        Score("reply contains", files.FindAll(file => file.Expected.ContainsKey("contains")), 0.80, file =>
            file.Expected["contains"]!.AsArray().All(part => ((string)file.Printed["reply"]!["visible"]!)
                .Contains((string)part!, StringComparison.Ordinal)));

        static string Format(JsonObject row) => (string?)row["format"] ?? "eml";

        // Labels of yet other kinds are scored on the library alone, so its words must be those printed.
        static string Visible(Inspected file) => file.Path switch
        {
            var eml when file.Printed["kind"] is not null =>
                VisibleReply.From(MimeReader.Read(File.ReadAllBytes(eml)).Text ?? ""),
            var html when file.IsHtml => VisibleReply.FromHtml(File.ReadAllText(html)),
            var text => VisibleReply.From(File.ReadAllText(text)),
        };
    }

    [Fact]
    public async Task Signatures_are_judged_with_records_from_a_file()
    {
        var dns = SharedData.PathOf("email/dkim-verify/dns.json");
        Assert.SkipWhen(dns is null, "outside test data is absent");
        var files = await Inspect("dkim-verify", row =>
            (bool?)row["expected"]!["skipped_upstream"] is not true, "--dns", dns);
        Score("dkim-verify", files, 0.94, file =>
        {
            var results = file.Printed["dkim"]!.AsArray().Select(check => (string)check!["result"]!).ToList();
            var wanted = (string)file.Expected["result"]!;
            if ((bool?)file.Expected["all_pass"] is true)
                return results.TrueForAll(result => result == "pass");
            string[] order = ["pass", "fail", "temperror", "invalid", "neutral"];
            var best = order.FirstOrDefault(results.Contains) ?? "none";
            return (best == "temperror" ? "invalid" : best) == wanted;
        });
    }

    static async Task<List<Inspected>> Inspect(
        string corpus, Func<JsonObject, bool>? wanted = null, params string[] options)
    {
        var folder = SharedData.PathOf($"email/{corpus}");
        Assert.SkipWhen(folder is null, "outside test data is absent");
        var rows = File.ReadLines(Path.Combine(folder, "expected.jsonl"))
            .Select(line => JsonNode.Parse(line)!.AsObject()).Where(row => wanted?.Invoke(row) ?? true)
            .Where(row => row["expected"]!["needs"] is null).ToList();
        var run = await OvertureProcess.WithoutDatabase(
            ["mail", "inspect", .. options,
                .. rows.Select(row => Path.Combine(folder, (string)row["file"]!))]);
        Assert.True(run.Exit == 0, run.Errors);
        var printed = run.Lines();
        Assert.Equal(rows.Count, printed.Count);
        return [.. rows.Zip(printed, (row, line) => new Inspected(line, row["expected"]!.AsObject())
        {
            IsHtml = (string?)row["format"] == "html",
        })];
    }

    void Score(string what, List<Inspected> files, double least, Func<Inspected, bool> isRight)
    {
        var missed = files.FindAll(file => !isRight(file));
        foreach (var file in missed) output.WriteLine($"  miss {file.Printed["file"]}");
        var right = files.Count - missed.Count;
        output.WriteLine($"{what}: {right}/{files.Count} ({100.0 * right / files.Count:F1} %)");
        Assert.True(right >= least * files.Count, $"{what}: {right} of {files.Count}");
    }

    static string? Printed(string field, Inspected file) => field switch
    {
        "subject" or "text" or "html" => Spaces((string?)file.Mime[field]),
        "message_id" => (string?)file.Mime[field] ?? "",
        "date" => Date(file.Mime[field]),
        "from" or "to" => Addresses(file.Mime[field]!, HasNames(file, field)),
        "html_stripped" => Spaces(Stripped((string?)file.Mime["html"] ?? "")),
        "attachments" =>
            string.Join(", ", file.Mime[field]!.AsArray().Select(one => $"{one!["name"]} {one["type"]}")),
        "n_attachments" => file.Mime["attachments"]!.AsArray().Count.ToString(),
        _ => null,
    };

    static string Labelled(string field, JsonNode? label, Inspected file) => field switch
    {
        "subject" or "text" or "html" or "html_stripped" => Spaces((string?)label),
        "date" => Date(label),
        "from" or "to" => Addresses(label!, HasNames(file, field)),
        "attachments" => string.Join(", ", label!.AsArray().Select(one =>
            $"{one!["filename"]} {((string?)one["content_type"] ?? "text/plain").ToLowerInvariant()}")),
        _ => label?.ToString() ?? "",
    };

    static string Date(JsonNode? date) => date is null
        ? ""
        : DateTimeOffset.Parse((string)date!, CultureInfo.InvariantCulture)
            .ToString("yyyy-MM-ddTHH:mm:sszzz");

    /// <summary>Some corpora label addresses without names.</summary>
    static bool HasNames(Inspected file, string field) =>
        file.Expected[field]!.AsArray().All(address => address!.AsObject().ContainsKey("name"));

    static string Addresses(JsonNode list, bool withNames) => string.Join(", ", list.AsArray().Select(one =>
        withNames ? $"{one!["name"]} <{one["address"]}>" : (string)one!["address"]!));

    static List<string> Sorted(JsonNode list, string field) =>
        [.. list.AsArray().Select(one => one![field]!.ToString()).Order()];

    static string Set(IEnumerable<JsonNode?> values) =>
        string.Join(' ', values.Select(value => ((string)value!).ToLowerInvariant()).Distinct().Order());

    /// <summary>Line ends and runs of white space are conventions of each library.</summary>
    static string Spaces(string? text) =>
        string.Join(' ', (text ?? "").Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    static string Trimmed(JsonNode text) => string.Join(
        '\n', ((string)text!).ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim();

    static string Stripped(string html) =>
        WebUtility.HtmlDecode(Tag().Replace(Unshown().Replace(html, ""), ""));

    [GeneratedRegex(
        "<style.*?</style>|<script.*?</script>|<title.*?</title>|<!--.*?-->",
        RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Unshown();

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    sealed record Inspected(JsonObject Printed, JsonObject Expected)
    {
        public string Path => (string)Printed["file"]!;

        public bool IsHtml { get; init; }

        public JsonNode Mime => Printed["mime"]!;

        public JsonNode Recipients => Printed["bounce"]?["recipients"] ?? new JsonArray();
    }
}
