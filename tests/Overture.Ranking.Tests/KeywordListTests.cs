using System.Diagnostics;

namespace Overture.Ranking.Tests;

public class KeywordListTests
{
    static KeywordList Positive(params string[] words) => new(words, [], []);

    [Theory]
    [InlineData("market", "Marketing lead", true)]
    [InlineData("market", "Aftermarket parts", false)]
    [InlineData("ceo", "We are announCEOne things", false)]
    [InlineData("ceo", "CEO, Acme", true)]
    [InlineData("ceo", "Ceola Smith", false)]
    [InlineData("coo", "cook and coordinator", false)]
    [InlineData("coo", "the COO.", true)]
    [InlineData("=intern", "International sales", false)]
    [InlineData("=intern", "Sales intern", true)]
    [InlineData("brand", "rebranding", false)]
    [InlineData("hr*", "hris migration", true)]
    [InlineData("growth mark", "Head of Growth-Marketing", true)]
    [InlineData("growth mark", "growth. and market", false)]
    [InlineData("gründer", "GRUNDERIN der Firma", true)]
    [InlineData("developpeur", "Développeur logiciel", true)]
    [InlineData("straße", "STRASSE 5", true)]
    [InlineData("łódź", "Lodz", true)]
    [InlineData("ceo", "𝗖𝗘𝗢 at 𝑨𝒄𝒎𝒆", true)]
    [InlineData("c++", "C++ and Rust", true)]
    [InlineData("c++", "Cobol and C", false)]
    [InlineData(".net", "a .NET shop", true)]
    [InlineData(".net", "a network", false)]
    [InlineData("c#", "C# services", true)]
    [InlineData("r&d", "Head of R & D", true)]
    public void A_keyword_hits_at_the_start_of_a_word_only(string keyword, string text, bool isHit) =>
        Assert.Equal(isHit, Positive(keyword).Match(text).Positive.Count == 1);

    [Fact]
    public void The_matches_name_the_words_as_written_and_each_once()
    {
        var list = new KeywordList(["SaaS", "growth", "growth mark", "scale"], ["Agency"], ["Rust"]);
        var matches = list.Match("Saas, SAAS and growth marketing at an agency. Rust!");
        Assert.Equal(["SaaS", "growth", "growth mark"], matches.Positive);
        Assert.Equal(["Agency"], matches.Negative);
        Assert.Equal(["Rust"], matches.Exploratory);
        Assert.Equal(2, matches.Net);
    }

    [Fact]
    public void Two_spellings_of_one_keyword_are_both_named() =>
        Assert.Equal(["café", "cafe"], Positive("café", "cafe").Match("Café owner").Positive);

    [Fact]
    public void Blank_keywords_and_repetitions_are_dropped() =>
        Assert.Equal(["a1"], Positive(" ", "a1", "A1 ", "").Positive);

    [Fact]
    public void A_keyword_without_a_letter_is_refused() =>
        Assert.Throws<ArgumentException>(() => Positive("--"));

    [Fact]
    public void Missing_and_malformed_text_holds_no_keyword_and_does_not_throw()
    {
        var list = Positive("ceo");
        Assert.True(list.Match(null).IsEmpty);
        Assert.True(list.Match("\ud800 \udc00\ud800").IsEmpty);
        Assert.False(list.Match("\ud800 ceo").IsEmpty);
    }

    [Fact]
    public void A_keyword_is_found_wherever_a_word_by_word_search_finds_it()
    {
        var random = new SeededRandom(7);
        for (var round = 0; round < 2_000; round++)
        {
            var words = Enumerable.Range(0, 6).Select(_ => Letters(ref random, 1 + random.NextInt(5)))
                .ToArray();
            var keyword = Letters(ref random, 1 + random.NextInt(5));
            var slow = words.Any(w =>
                keyword.Length <= 3 ? w == keyword : w.StartsWith(keyword, StringComparison.Ordinal));
            Assert.Equal(slow, Positive(keyword, "abab", "ba").Match(string.Join("; ", words))
                .Positive.Contains(keyword));
        }

        static string Letters(ref SeededRandom random, int count)
        {
            var text = "";
            for (var i = 0; i < count; i++) text += (char)('a' + random.NextInt(2));
            return text;
        }
    }

    [Fact]
    public void A_hostile_text_and_a_hostile_list_cost_no_more_than_the_length_of_the_text()
    {
        var words = Enumerable.Range(1, 50).Select(n => string.Join(' ', Enumerable.Repeat("a", n)));
        var list = new KeywordList(words, [], []);
        var watch = Stopwatch.StartNew();
        Assert.Equal(50, list.Match(string.Concat(Enumerable.Repeat("a ", 100_000))).Positive.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"took {watch.Elapsed}");
    }
}
