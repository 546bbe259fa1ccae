namespace Overture.Tidy.Tests.Style;

public sealed class LengthsTests
{
    static readonly Dictionary<string, string> LongFileReasons = new(StringComparer.Ordinal);

    [Fact]
    public void Every_line_fits() => Repository.Holds(Lengths.LongLines(Repository.Files));

    [Fact]
    public void Every_file_fits() => Repository.Holds(Lengths.LongFiles(Repository.Files, LongFileReasons));

    [Fact]
    public void Every_function_fits_a_screen() =>
        Repository.Holds(Lengths.LongFunctions(Repository.Files));

    [Fact]
    public void The_median_file_is_told()
    {
        var counts = Repository.Files.Where(file => file.Is(".cs"))
            .Select(Lengths.LineCount).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{counts.Count} C# files, median {counts[counts.Count / 2]} lines, longest {counts[^1]}");
        Assert.NotEmpty(counts);
    }

    [Fact]
    public void A_long_line_is_found()
    {
        var text = "short\n" + new string('x', 111) + "\n" + new string('y', 110);
        var file = new SourceFile("src/A/X.cs", text);
        Assert.Equal(["src/A/X.cs:2: 111 columns, at most 110"], Lengths.LongLines([file]));
    }

    [Fact]
    public void A_long_file_is_found_unless_a_reason_is_given()
    {
        var long401 = new SourceFile("src/A/X.cs", string.Concat(Enumerable.Repeat("x\n", 401)));
        var long400 = new SourceFile("src/A/Y.cs", string.Concat(Enumerable.Repeat("x\n", 400)));
        var page = new SourceFile("src/A/Z.razor", string.Concat(Enumerable.Repeat("x\n", 201)));
        Assert.Equal(2, Lengths.LongFiles([long401, long400, page], LongFileReasons).Count());
        var excused = new Dictionary<string, string>(StringComparer.Ordinal) { ["src/A/X.cs"] = "a reason" };
        Assert.Single(Lengths.LongFiles([long401, long400, page], excused));
    }

    [Fact]
    public void A_long_function_is_found_a_long_type_is_not()
    {
        var line = "        call(\"}\");\n";
        var fits = "    void Fits()\n    {\n" + Times(67, line) + "    }\n";
        var tooLong = "    [Theory]\n    void Long()\n    {\n" + Times(68, line) + "    }\n";
        var file = new SourceFile("A.cs", "class A\n{\n" + fits + tooLong + "}\n");
        var found = Assert.Single(Lengths.LongFunctions([file]));
        Assert.StartsWith("A.cs:74: Long has 71 lines", found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_expression_is_found()
    {
        var arrow = "class A\n{\n    int Arrow(int x) =>\n" + Times(70, "        x +\n") + "        x;\n}\n";
        var found = Assert.Single(Lengths.LongFunctions([new SourceFile("A.cs", arrow)]));
        Assert.Contains("Arrow", found, StringComparison.Ordinal);
    }

    static string Times(int count, string text) => string.Concat(Enumerable.Repeat(text, count));
}
