using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Core.Tests.Model;

[SupportedOSPlatform("linux")]
public sealed class SearchTextTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string> Texts =>
    [
        "Ann Lee", "Müller & Söhne GmbH", "O'Brien-Smith, PhD", "ŁÓDŹ Ørsted Æon", "İstanbul", "ПРИВЕТ мир",
        "R&D C++ 3M", "a_b.c@d-e.example", "Ann\u00A0Lee", "e\u0301clair ÉCLAIR", "東京 株式会社", "한국어", "ﬁ ﬂ",
        "  ", "½ ² Ⅷ", "😀 smile", "ẞ ß", "\u1E9B\u0323",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_database_sees_the_same_words(string text)
    {
        await using var session = await database.Database.OpenInstance(TestContext.Current.CancellationToken);
        var words = await session.List<string>(
            "select unnest(search_words(@text))", new { text }, TestContext.Current.CancellationToken);
        Assert.Equal(words, SearchText.WordsOf(text));
    }
}
