namespace Overture.Tidy.Tests.Style;

public sealed class NamesTests
{
    static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["EnhancedStatus"] = "RFC 3463 gives the code this name",
        ["EnhancedStatusCode"] = "RFC 3463 gives the code this name",
    };

    [Fact]
    public void No_name_says_nothing() => Repository.Holds(Names.ForbiddenWords(Repository.Files, Reasons));

    [Fact]
    public void No_type_is_named_like_a_namespace() =>
        Repository.Holds(Names.TypesLikeNamespaces(Repository.Files));

    [Fact]
    public void Namespaces_follow_the_folders() => Repository.Holds(Names.WrongNamespaces(Repository.Files));

    [Theory]
    [InlineData("class MailManager;", true)]
    [InlineData("sealed record LeadStatus(int X);", true)]
    [InlineData("interface IUserService\n{\n}", true)]
    [InlineData("enum LeadState\n{\n}", false)]
    [InlineData("class Base64Text { string s = \"class Manager\"; }", false)]
    [InlineData("class X { void Save(Row record, Manager manager) { } }", false)]
    [InlineData("class EnhancedStatus;", false)]
    public void A_forbidden_word_is_found(string text, bool forbidden) =>
        Assert.Equal(forbidden, Names.ForbiddenWords([new SourceFile("src/A/X.cs", text)], Reasons).Any());

    [Fact]
    public void A_forbidden_file_name_is_found() =>
        Assert.Single(Names.ForbiddenWords([new SourceFile("src/A/StringUtils.cs", "")], Reasons));

    [Fact]
    public void A_type_named_like_a_namespace_is_found()
    {
        var one = new SourceFile("src/A/Data/X.cs", "namespace A.Data;\nclass X;");
        var two = new SourceFile("src/A/Data/Y.cs", "namespace A.Data;\nrecord Data(int Count);");
        var found = Assert.Single(Names.TypesLikeNamespaces([one, two]));
        Assert.Contains("type Data", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/A/X.cs", "A", 0)]
    [InlineData("src/A/Model/X.cs", "A.Model", 0)]
    [InlineData("src/A/Model/Leads/X.cs", "A.Model", 0)]
    [InlineData("src/A/Model/Leads/X.cs", "A.Model.Leads", 1)]
    [InlineData("tests/A.Tests/Model/X.cs", "A.Tests", 1)]
    public void A_wrong_namespace_is_found(string path, string name, int violations) =>
        Assert.Equal(violations, Names.WrongNamespaces([new(path, $"namespace {name};\n")]).Count());
}
