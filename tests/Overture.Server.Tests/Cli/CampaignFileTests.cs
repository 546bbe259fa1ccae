using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Overture.Testing;

namespace Overture.Server.Tests.Cli;

/// <summary>A campaign written, shown and rewritten as a file.</summary>
[SupportedOSPlatform("linux")]
public sealed class CampaignFileTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    const string Yaml =
        """
        name: 2026
        goal: ""
        new_per_day_limit: null
        audience: { min_score: 60.5, has_email: true }
        on_uncertain: hold
        steps:
          - variants:
              - subject: Hello {{first_name}}
                body: |
                  Dear {{first_name}},

                  yes.
                weight: 3
              - { subject: "null", body: "true" }
          - kind: condition
            condition: { test: field, field: score, operator: at_least, value: 50, yes: last }
          - key: last
            kind: email
            delay_days: 3
            in_working_days: true
            variants: [{ subject: Again, body: Once more. }]
        """;

    [Fact]
    public async Task What_is_written_in_yaml_is_kept_as_REST_would_keep_it()
    {
        var made = await RunOn("campaign", "create", "-", "--json");

        Assert.True(made.Exit == 0, made.Output + made.Errors);
        var detail = JsonNode.Parse(made.Output)!;
        Assert.Equal("2026", (string)detail["campaign"]!["name"]!);
        Assert.Equal("hold", (string)detail["campaign"]!["on_uncertain"]!);
        Assert.Null(detail["campaign"]!["new_per_day_limit"]);
        Assert.Equal(60.5m, (decimal)detail["audience"]!["min_score"]!);
        var texts = detail["steps"]![0]!["variants"]!;
        Assert.Equal("Dear {{first_name}},\n\nyes.\n", (string)texts[0]!["body"]!);
        Assert.Equal(3, (int)texts[0]!["weight"]!);
        Assert.Equal(("null", "true"), ((string)texts[1]!["subject"]!, (string)texts[1]!["body"]!));
        Assert.Equal("50", (string)detail["steps"]![1]!["condition"]!["value"]!);
        Assert.Equal(
            (long)detail["steps"]![2]!["id"]!, (long)detail["steps"]![1]!["condition"]!["yes_step_id"]!);
    }

    [Fact]
    public async Task The_file_that_is_shown_changes_nothing_and_a_change_in_it_says_what_it_does()
    {
        var id = Id(await RunOn("campaign", "create", "-", "--json"));
        var file = await Run("campaign", "show", id, "--draft");

        var same = await RunWith(file.Output, "campaign", "edit", id, "-", "--json");
        var json = await Run("campaign", "show", id, "--draft", "--json");
        var asJson = await RunWith(json.Output, "campaign", "edit", id, "-", "--dry-run", "--json");
        var later = file.Output.Replace("delay_days: 3", "delay_days: 9", StringComparison.Ordinal);
        var asked = await RunWith(later, "campaign", "edit", id, "-", "--dry-run");
        var untouched = await Run("campaign", "show", id, "--draft");
        var saved = await RunWith(later, "campaign", "edit", id, "-");
        var shown = await Run("campaign", "show", id);

        Assert.True(same.Exit == 0, same.Output + same.Errors);
        Assert.Empty(JsonNode.Parse(same.Output)!["changes"]!.AsArray());
        Assert.Empty(JsonNode.Parse(asJson.Output)!["changes"]!.AsArray());
        Assert.Contains("Step 3 changes.", asked.Output);
        Assert.Contains("Nothing is saved.", asked.Output);
        Assert.Equal(file.Output, untouched.Output);
        Assert.Contains($"Campaign {id} is saved.", saved.Output);
        Assert.Contains("Step 3: email, after 9 working days", shown.Output);
        Assert.Contains("field score at least “50”? yes: step 3, no: end", shown.Output);
        Assert.Contains("    Dear {{first_name}},", shown.Output);
    }

    [Fact]
    public async Task Difficult_texts_survive_the_way_through_a_file()
    {
        string[] texts =
        [
            "  indented\nthen not\n",
            "ends without a line end\n\n\n  ",
            "trailing space \nand\ttab\t\nand # no comment: at all\n",
            "\n\nbegins late",
            "windows\r\nlines\r\n",
            "Grüße 你好 🎵 “quoted” 'single' \"double\" \\ backslash\n- no list\n...\n---\nend",
            "# no comment",
            "- no list",
            "{{first_name}}: yes",
            " lead and trail ",
            "~",
            "0x10",
            "\u0085\u2028next\u2029line\nx",
        ];
        var json = new JsonObject
        {
            ["name"] = "Difficult", ["goal"] = texts[0],
            ["steps"] = new JsonArray([.. texts.Select(text => new JsonObject
            {
                ["variants"] = new JsonArray(
                    new JsonObject { ["subject"] = "s", ["body"] = text },
                    new JsonObject
                    {
                        ["subject"] = "s",
                        ["body"] = string.Concat(Enumerable.Repeat(text + " and ever longer words ", 20)),
                    }),
            })]),
        };
        var made = await RunWith(json.ToJsonString(), "campaign", "create", "-", "--json");
        var id = Id(made);
        var before = await Run("campaign", "show", id, "--json");
        var file = await Run("campaign", "show", id, "--draft");

        var edited = await RunWith(file.Output, "campaign", "edit", id, "-", "--json");

        Assert.True(edited.Exit == 0, edited.Output + edited.Errors + file.Output);
        Assert.Empty(JsonNode.Parse(edited.Output)!["changes"]!.AsArray());
        Assert.Equal(before.Output, (await Run("campaign", "show", id, "--json")).Output);
    }

    [Theory]
    [InlineData("{\"name\":\"x\",\"stepz\":[]}", "stepz", "line 1")]
    [InlineData("name: x\nstepz: []", "“stepz”", "at line 2; there are name, goal,")]
    [InlineData("name: x\nsteps:\n- kind: call", "steps[0].kind",
        "line 3: wanted is one of: email, linkedin")]
    [InlineData("name: x\nsteps:\n- delay_days: soon", "steps[0].delay_days",
        "line 3: wanted is a whole number")]
    [InlineData("goal: x", "lacks a required field", "name")]
    [InlineData("name: x\nname: y", "line 2", "“name” stands here again")]
    [InlineData("name: x\naudience: &a {}", "line 2", "anchors and aliases")]
    [InlineData("name: x\n---\nname: y", "line 2", "a second document")]
    [InlineData("name: x\nsteps: [", "cannot be read at line", "stdin")]
    [InlineData("name: x\nsteps:\n- delay_days: 400", "stdin, line 3 (steps/0/delay_days)", "0 to 365 days")]
    [InlineData("name: x\nsteps:\n- variants:\n  - subject: a\n    body: ''",
        "line 5 (steps/0/variants/0/body)", "Step 1: A text is empty.")]
    [InlineData("name: x\nsteps:\n- variants:\n  - subject: '{{#if'\n    body: b", "line 4",
        "Step 1:")]
    [InlineData("name: x\nsteps:\n- kind: condition\n  condition: { test: field, field: shoe }", "line 4",
        "Step 1: “shoe” cannot be asked about.")]
    [InlineData("{\"name\":\"x\",\"steps\":[{\"delay_days\":400}]}", "stdin, steps/0/delay_days:", "365")]
    [InlineData("", "stdin holds no campaign", "")]
    [InlineData("null", "stdin holds no campaign", "")]
    [InlineData("just words", "cannot be read", "line 1: wanted is an object")]
    public async Task What_cannot_be_read_is_named_with_its_place_and_nothing_is_kept(
        string text, string place, string what)
    {
        var before = (await Run("campaign", "list")).Output;

        var run = await RunWith(text, "campaign", "create", "-");

        Assert.True(run.Exit == 3, $"{run.Exit} {run.Output} {run.Errors}");
        Assert.Contains(place, run.Errors);
        Assert.Contains(what, run.Errors);
        Assert.DoesNotContain("Overture.", run.Errors);
        Assert.Equal(before, (await Run("campaign", "list")).Output);
    }

    [Fact]
    public async Task Nesting_without_end_is_refused_and_a_file_that_is_not_there_is_named()
    {
        var deep = await RunWith(
            "name: x\nsteps: " + new string('[', 200_000), "campaign", "create", "-");
        var absent = await Run("campaign", "create", "/nowhere/campaign.yaml");

        Assert.Equal(3, deep.Exit);
        Assert.Contains("nested too deeply", deep.Errors);
        Assert.Equal(5, absent.Exit);
        Assert.Contains("/nowhere/campaign.yaml", absent.Errors);
    }

    static string Id(EndedProcess made) => JsonNode.Parse(made.Output)!["campaign"]!["id"]!.ToString();

    Task<EndedProcess> Run(params string[] arguments) => RunWith("", arguments);

    Task<EndedProcess> RunOn(params string[] arguments) => RunWith(Yaml, arguments);

    Task<EndedProcess> RunWith(string input, params string[] arguments) =>
        OvertureProcess.RunWith(input, database.ConnectionString, arguments);
}
