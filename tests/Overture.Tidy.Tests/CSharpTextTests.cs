namespace Overture.Tidy.Tests;

public sealed class CSharpTextTests
{
    [Theory]
    [InlineData("a /* { */ b", "a         b")]
    [InlineData("a // {\nb", "a     \nb")]
    [InlineData("""x("{", '{')""", "x(   ,    )")]
    [InlineData("x(\"\"\"\n{ \"\n\"\"\")", "x(   \n   \n   )")]
    [InlineData("""x($"{a("{")} \" {{")y""", "x(                 )y")]
    [InlineData("""x(@"\")y""", "x(    )y")]
    [InlineData("x(@\"\" + \"{\")y", "x(    +    )y")]
    public void Strings_and_comments_are_blanked(string text, string code) =>
        Assert.Equal(code, new CSharpText(text).Code);

    [Fact]
    public void What_a_literal_says_is_kept() =>
        Assert.Equal([(0, "a"), (4, "b\n")], new CSharpText("\"a\" \"\"\"b\n\"\"\"").Strings);
}
