namespace Overture.Tidy.Tests.Docs;

public sealed class StateMachinesTests
{
    static readonly Dictionary<string, string> PagelessReasons = new(StringComparer.Ordinal)
    {
        ["HealthState"] = "judged afresh at each look, never stored",
        ["CheckState"] = "judged afresh before each launch, never stored",
    };

    static readonly SourceFile Code =
        new("src/Overture.Core/Model/Lamp.cs", "public enum LampState { Off, InDoubt, On }");

    static readonly SourceFile Page = new(
        "docs/states/lamp.md",
        """
        # Lamp

        `LampState` in `lamps.state`

        ```mermaid
        stateDiagram-v2
          [*] --> off
          off --> on : switch
          on --> in_doubt
        ```
        """);

    [Fact]
    public void Diagrams_enums_and_checks_agree() =>
        Repository.Holds(StateMachines.Disagreements(Repository.Files));

    [Fact]
    public void Every_state_machine_is_drawn() =>
        Repository.Holds(StateMachines.WithoutPage(Repository.Files, PagelessReasons));

    [Fact]
    public void Agreement_is_seen() =>
        Assert.Empty(StateMachines.Disagreements([Code, Page, Sql("'off', 'in_doubt', 'on'")]));

    [Fact]
    public void Each_disagreement_is_found()
    {
        Assert.Equal(
            ["docs/states/lamp.md: on is drawn, but not in the CHECK of lamps.state",
             "docs/states/lamp.md: broken is in the CHECK of lamps.state, but not drawn"],
            StateMachines.Disagreements([Code, Page, Sql("'off', 'in_doubt', 'broken'")]));
        var less = Code with { Text = "enum LampState { Off, On }" };
        var notInEnum = Assert.Single(
            StateMachines.Disagreements([less, Page, Sql("'off', 'in_doubt', 'on'")]));
        Assert.Contains("indoubt is drawn, but not in the enum", notInEnum, StringComparison.Ordinal);
        var noCheck = Assert.Single(StateMachines.Disagreements([Code, Page]));
        Assert.Contains("was not found", noCheck, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_migration_counts()
    {
        var later = new SourceFile(
            "src/Overture.Core/Data/Migrations/0002_x.sql",
            "alter table lamps add constraint s check (state in ('off', 'in_doubt', 'on'));");
        Assert.Empty(StateMachines.Disagreements([Code, Page, Sql("'off'"), later]));
    }

    [Fact]
    public void A_page_that_says_too_little_is_found() =>
        Assert.Equal(3, StateMachines.Disagreements([new("docs/states/x.md", "# X\n")]).Count());

    [Fact]
    public void A_state_machine_without_a_page_is_found()
    {
        Assert.Empty(StateMachines.WithoutPage([Code, Page], PagelessReasons));
        Assert.Single(StateMachines.WithoutPage([Code], PagelessReasons));
    }

    static SourceFile Sql(string states) => new(
        "src/Overture.Core/Data/Migrations/0001_x.sql",
        $"create table lamps (\n  id bigint,\n  state text not null check (state in ({states}))\n);\n");
}
