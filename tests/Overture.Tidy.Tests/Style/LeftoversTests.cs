namespace Overture.Tidy.Tests.Style;

public sealed class LeftoversTests
{
    [Fact]
    public void Nothing_is_left_over() => Repository.Holds(Leftovers.In(Repository.Files));

    [Fact]
    public void A_mark_is_found()
    {
        var file = new SourceFile("a.md", "fine\n- TO" + "DO: more\ntodo is a word, and so is TODOS\n");
        Assert.Equal(["a.md:2: TO" + "DO is left over; do it or drop it"], Leftovers.In([file]));
    }
}
