using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Overture.Testing;

namespace Overture.Server.Tests.Cli;

/// <summary>People and companies by hand, and the switch of the dry run.</summary>
[SupportedOSPlatform("linux")]
public sealed class LeadAndCompanyCommandsTests : IAsyncLifetime
{
    TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_lead_is_added_accepted_and_rejected_and_not_added_twice()
    {
        string[] ann =
            ["lead", "add", "Ann Example", "--email", "ann@x.example", "--title", "CTO", "--company-name",
                "X Ltd", "--website", "https://x.example"];
        Assert.Contains("Lead 1 is added.", (await Run(ann)).Output);
        Assert.Contains("Lead 1 is this person already", (await Run(ann)).Output);

        var accepted = await Run("lead", "accept", "1", "--json");
        var rejected = await Run("lead", "reject", "1", "--reason", "wrong country");

        Assert.Equal("accepted", (string)JsonNode.Parse(accepted.Output)!["lead"]!["state"]!);
        Assert.Equal("Ann Example (lead 1) is rejected.\n", rejected.Output);
        Assert.Contains("Lead rejected: wrong country", (await Run("lead", "show", "1")).Output);
    }

    [Theory]
    [InlineData("lead add Ann --email nobody", 3, "is not an e-mail address")]
    [InlineData("lead accept 77", 5, "There is no lead 77")]
    [InlineData("lead reject 77", 3, "--reason")]
    [InlineData("company show 77", 5, "There is no company 77")]
    [InlineData("company list --limit 0", 3, "“0” is not a whole number, 1 to 99 (--limit).")]
    [InlineData("collect synthetic --count -1", 3, "“-1” is not a whole number, 1 to 100,000 (--count).")]
    [InlineData("collect synthetic --count 100001", 3, "1 to 100,000")]
    [InlineData("collect synthetic --count many", 3, "“many” is not a whole number")]
    [InlineData("pipeline run --synthetic -1", 3, "0 to 100,000")]
    [InlineData("lead list --limit 1000", 3, "1 to 100")]
    [InlineData("job list --limit -5", 3, "1 to 100")]
    [InlineData("key create x --days -1", 3, "1 to 3,650")]
    [InlineData("key create x --days 2000000000", 3, "1 to 3,650")]
    public async Task What_is_wrong_is_said_before_anything_is_done(
        string arguments, int exit, string sentence)
    {
        var run = await Run(arguments.Split(' '));

        Assert.True(run.Exit == exit, $"{run.Exit} {run.Output} {run.Errors}");
        Assert.Contains(sentence, run.Errors);
    }

    [Fact]
    public async Task Companies_are_listed_page_by_page_and_shown()
    {
        foreach (var name in new[] { "One", "Two", "Three" })
            Assert.Equal(0, (await Run(
                "lead", "add", "Ann " + name, "--company-name", name, "--country", "Austria")).Exit);

        var first = JsonNode.Parse((await Run("company", "list", "--limit", "2", "--json")).Output)!;
        var next = first["next_cursor"]!.ToString();
        var second = await Run("company", "list", "--limit", "2", "--cursor", next);
        var found = await Run("company", "list", "--search", "Two");
        var shown = await Run("company", "show", next);

        Assert.Equal(["Three", "Two"], first["data"]!.AsArray().Select(one => (string)one!["name"]!));
        Assert.Equal(3, (long)first["total"]!);
        Assert.Equal("1\tOne\t\t\tAustria\t\n", second.Output);
        Assert.Equal("2\tTwo\t\t\tAustria\t\n", found.Output);
        Assert.StartsWith("Two\ncountry\tAustria\n", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dry_run_ends_only_when_that_was_meant()
    {
        Assert.Contains("is on: nothing reaches anybody", (await Run("workspace", "dry-run")).Output);

        var unasked = await Run("workspace", "dry-run", "off");
        Assert.Equal(6, unasked.Exit);
        Assert.Contains("every message of Workspace that is due reaches a real person", unasked.Errors);
        Assert.Contains("Repeat the command with --yes.", unasked.Errors);
        Assert.Contains("is on", (await Run("workspace", "dry-run", "show")).Output);

        Assert.Equal(0, (await Run("workspace", "dry-run", "off", "--yes")).Exit);
        Assert.Contains("is off: messages reach people", (await Run("workspace", "dry-run")).Output);
        var on = await Run("workspace", "dry-run", "on", "--json");
        Assert.True((bool)JsonNode.Parse(on.Output)!["dry_run"]!);
        Assert.Equal(3, (await Run("workspace", "dry-run", "maybe")).Exit);
    }

    [Fact]
    public async Task Whoever_ends_the_dry_run_is_told_who_would_get_a_second_letter_without_the_first()
    {
        Assert.Equal(0, (await Run("serve", "--demo", "--once")).Exit);

        var unasked = await Run("workspace", "dry-run", "off");

        Assert.Equal(6, unasked.Exit);
        Assert.Contains("“Hello from the demo” (200 people)", unasked.Errors);
        Assert.Contains("without ever having got the earlier ones", unasked.Errors);
    }

    Task<EndedProcess> Run(params string[] arguments) =>
        OvertureProcess.Run(database.ConnectionString, arguments);
}
