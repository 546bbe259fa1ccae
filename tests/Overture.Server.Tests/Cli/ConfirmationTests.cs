using System.Runtime.Versioning;
using Overture.Testing;

namespace Overture.Server.Tests.Cli;

/// <summary>What cannot be taken back needs a yes, said beforehand where nobody can be asked.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConfirmationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task What_cannot_be_taken_back_needs_a_yes()
    {
        var cancel = TestContext.Current.CancellationToken;
        await Run("workspace", "create", "Demo");
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "one.csv");
        await File.WriteAllTextAsync(file, "Name,E-mail\nAnn,ann@x.example\n", cancel);
        await Run("lead", "import", file);
        await OvertureProcess.RunWith("name: Hello", database.ConnectionString, "campaign", "create", "-");
        (string Command, string Consequence)[] commands =
        [
            ("campaign archive 1", "the 0 people in “Hello”"),
            ("lead undo-import 1", "deletes 1 leads, 1 people and 0 companies"),
            ("person erase ann@x.example", "ann@x.example is erased, which cannot be undone"),
            ("sending release", "written to twice"),
            ("provider disconnect hunter", "The credential of hunter"),
        ];
        foreach (var (command, consequence) in commands)
        {
            var refused = await Run([.. command.Split(' '), "--no-input"]);

            Assert.True(refused.Exit == 6, command + refused.Output + refused.Errors);
            Assert.Contains(consequence, refused.Errors);
            Assert.Contains("Repeat the command with --yes.", refused.Errors);
        }

        Assert.Contains("Ann", (await Run("lead", "list")).Output);
        Assert.Contains("draft", (await Run("campaign", "list")).Output);
        Assert.Equal(0, (await Run("campaign", "archive", "1", "--yes")).Exit);
        Assert.Equal(0, (await Run("lead", "undo-import", "1", "--yes")).Exit);
        Assert.DoesNotContain("Ann", (await Run("lead", "list")).Output);
        Assert.Equal(5, (await Run("campaign", "end", "77")).Exit);
    }

    Task<EndedProcess> Run(params string[] arguments) =>
        OvertureProcess.Run(database.ConnectionString, arguments);
}
