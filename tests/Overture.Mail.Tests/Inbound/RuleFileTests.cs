using System.Text.RegularExpressions;
using Overture.Mail.Inbound;
using Overture.Testing;

namespace Overture.Mail.Tests.Inbound;

/// <summary>The rules know mail systems and languages, never the files they are measured on.</summary>
public partial class RuleFileTests(ITestOutputHelper output)
{
    static readonly string[] Files =
        ["auto-marks", "bounce-marks", "bounce-providers", "bounce-reasons", "bounce-status", "dates",
            "reply-words"];

    static readonly string[] Corpora =
        ["bounce-sisimai", "bounce-bounceparser", "bounce-flufl", "bounce-misc", "autoreply", "reply"];

    /// <summary>Public names of products and providers that rules may speak of.</summary>
    static readonly string[] PublicNames =
    [
        "sns.amazonaws.com", "groups.google.com", "abuseat.org", "spf.pobox.com", "messagelabs.com",
            "ezweb.ne.jp",
        "auone-net.jp", "docomo.ne.jp", "barracudacentral.org",
    ];

    /// <summary>A rule this long or longer that one file alone holds would be a quotation of it.</summary>
    const int QuotationWords = 9;

    [Fact]
    public void No_rule_names_an_address_or_a_host_of_a_corpus_file()
    {
        foreach (var (file, entry) in Entries())
        {
            var names = HostPattern().Matches(entry).Select(m => m.Value).Where(n =>
                !PublicNames.Contains(n));
            Assert.True(!names.Any(), $"{file}: {entry}");
            Assert.True(
                !AddressPattern().IsMatch(entry) || entry.Contains("sns.amazonaws.com"), $"{file}: {entry}");
        }
    }

    [Fact]
    public void No_rule_quotes_the_text_of_a_single_corpus_file()
    {
        var texts = CorpusTexts();
        Assert.SkipWhen(texts.Count == 0, "outside test data is absent");
        var (checkedRules, held) = (0, 0);
        foreach (var (file, entry) in Entries().Where(e => Words(e.Entry) >= QuotationWords))
        {
            var phrase = Phrase.Parse(entry);
            var holders = texts.Where(t => phrase.In(t.Text)).Select(t => t.File).ToList();
            (checkedRules, held) = (checkedRules + 1, held + Math.Min(1, holders.Count));
            Assert.True(
                holders.Count != 1, $"{file}: \"{entry}\" stands in {string.Join(", ", holders)} alone");
        }

        output.WriteLine($"{Entries().Count()} rules, {checkedRules} of {QuotationWords} words or more, "
            + $"{held} of these occur in the corpora");
    }

    [Fact]
    public void Most_rules_are_knowledge_from_outside_the_corpora()
    {
        var texts = CorpusTexts();
        Assert.SkipWhen(texts.Count == 0, "outside test data is absent");
        var rules = Entries().Where(e => e.File == "bounce-reasons").ToList();
        var unseen = rules.Count(r => !texts.Exists(t => Phrase.Parse(r.Entry).In(t.Text)));
        output.WriteLine($"{unseen} of {rules.Count} phrases for reasons of bounces occur in no corpus file");
        Assert.True(unseen * 2 > rules.Count);
    }

    [Fact]
    public void The_scan_finds_a_quotation_where_there_is_one()
    {
        var texts = CorpusTexts();
        Assert.SkipWhen(texts.Count == 0, "outside test data is absent");
        var quoted = texts.Select(t => t.Text).Select(t => t.Split(' ').Skip(40).Take(QuotationWords
            + 3)).First(w => w.Count() > QuotationWords);
        Assert.Contains(texts, t => Phrase.Parse(string.Join(' ', quoted)).In(t.Text));
    }

    static IEnumerable<(string File, string Entry)> Entries() =>
        Files.SelectMany(f => RuleFile.Read(f).Sections.SelectMany(s => s.Entries).Select(e => (f, e)));

    static List<(string File, string Text)> CorpusTexts() =>
    [
        .. Corpora.Select(c => SharedData.PathOf($"email/{c}/files")).Where(p => p is not null)
            .SelectMany(p => Directory.EnumerateFiles(p!, "*", SearchOption.AllDirectories))
            .Select(f => (Path.GetFileName(f), Squeeze(File.ReadAllText(f)))),
    ];

    static string Squeeze(string text) =>
        string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static int Words(string entry) => entry.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    [GeneratedRegex(
        @"\b(?:[a-z0-9-]+\.)+(?:com|net|org|jp|fr|de|uk|ru|edu|info|io)\b", RegexOptions.NonBacktracking)]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"[a-z0-9.]+@[a-z0-9-]+\.[a-z]+", RegexOptions.NonBacktracking)]
    private static partial Regex AddressPattern();
}
