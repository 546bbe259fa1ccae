using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Overture.Testing;

namespace Overture.Server.Tests.Reference;

/// <summary>
/// The commands of the README, run as they stand in the blocks marked “sh cli” and “sh rest”.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed partial class ReadmeTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    const string Curl = "/usr/bin/curl";

    [Fact]
    public async Task Every_command_of_the_command_line_works()
    {
        await using var empty = await TestDatabase.Create();

        var overture = $"overture() {{ dotnet '{OvertureProgram.Path}' \"$@\"; }}\n";
        var ended = await Shell(empty.ConnectionString, overture + Block("cli"));

        Assert.True(ended.Exit == 0, ended.Output + ended.Errors);
        Assert.Contains("200", ended.Output);
    }

    [Fact]
    public async Task Every_call_of_the_api_works()
    {
        Assert.SkipWhen(!File.Exists(Curl), "curl is not installed");
        var made = await OvertureProgram.Run(
            app.ConnectionString, "key", "create", "readme", "--scope", "write");
        Assert.True(made.Exit == 0, made.Errors);

        var ended = await Shell(
            app.ConnectionString, Block("rest").Replace("http://localhost:8080", app.Address),
            ("OVERTURE_KEY", made.Output.Trim()));

        Assert.True(ended.Exit == 0, ended.Output + ended.Errors);
        Assert.Contains("full_name", ended.Output);
    }

    static Task<OvertureProgram.Ended> Shell(
        string connection, string script, params (string Name, string Value)[] environment) =>
        OvertureProgram.Start(connection, "bash", ["-euo", "pipefail", "-c", script], environment);

    static string Block(string mark)
    {
        var readme = File.ReadAllText(Path.Combine(ReferenceFile.Root, "README.md"));
        var blocks = Fence().Matches(readme).Where(block => block.Groups["mark"].Value == mark).ToList();
        Assert.NotEmpty(blocks);
        return string.Join('\n', blocks.Select(block => block.Groups["script"].Value));
    }

    [GeneratedRegex(
        @"^```sh (?<mark>\w+)\n(?<script>(?s:.)*?)^```$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2_000)]
    private static partial Regex Fence();
}
