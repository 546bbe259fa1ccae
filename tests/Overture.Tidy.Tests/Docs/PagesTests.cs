namespace Overture.Tidy.Tests.Docs;

public sealed class PagesTests
{
    [Fact]
    public void Every_page_has_a_title() => Repository.Holds(Pages.WithoutTitle(Repository.Files));

    [Fact]
    public void Every_decision_is_dated() => Repository.Holds(Pages.UndatedDecisions(Repository.Files));

    [Fact]
    public void A_page_without_a_title_is_found() =>
        Assert.Single(Pages.WithoutTitle([new("a.md", "\n# Title\n"), new("b.md", "text\n# Late\n")]));

    [Fact]
    public void An_undated_or_misnamed_decision_is_found()
    {
        SourceFile good = new("docs/decisions/0001-one-store.md", "# One store\n\nDate: 2026-11-21\n");
        SourceFile undated = new("docs/decisions/0002-two.md", "# Two\n");
        SourceFile misnamed = new("docs/decisions/three.md", "# Three\n\nDate: 2026-11-21\n");
        Assert.Equal(
            ["docs/decisions/0002-two.md: has no date in its head",
             "docs/decisions/three.md: is not named like 0001-words.md"],
            Pages.UndatedDecisions([good, undated, misnamed]));
    }
}
