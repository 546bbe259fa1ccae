using System.Runtime.Versioning;
using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Server.Tests.Cli;

/// <summary>The real program, run as a process: what it prints where, and how it ends.</summary>
[SupportedOSPlatform("linux")]
public sealed class CommandLineTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    const string Nowhere = "Host=127.0.0.1;Port=1;Username=overture;Password=hidden-secret;Timeout=3";

    [Theory]
    [InlineData("workspce list", 3, "Did you mean: overture workspace")]
    [InlineData("workspace crate", 3, "Did you mean: overture workspace create")]
    [InlineData("serve --port abc", 3, "abc")]
    [InlineData("serve --port 99999", 3, "65535")]
    [InlineData("serve --roles cook", 3, "web, worker")]
    [InlineData("lead show abc", 3, "“abc” is not a whole number (show).")]
    [InlineData("lead list --state gone", 3, "“gone” is none of: new, enriched, ranked, accepted,")]
    [InlineData("holiday add 2026-13-01 x", 3, "“2026-13-01” is not a day such as 2026-11-30 (add).")]
    [InlineData("rank mode cold_start --limit 3", 3, "--limit")]
    public async Task Wrong_arguments_end_with_3_and_a_hint(string arguments, int exit, string hint)
    {
        var run = await Run(database.ConnectionString, arguments.Split(' '));

        Assert.Equal(exit, run.Exit);
        Assert.Equal("", run.Output);
        Assert.Contains(hint, run.Errors);
        Assert.DoesNotContain("System.", run.Errors);
        Assert.DoesNotContain("Overture.", run.Errors);
    }

    [Theory]
    [InlineData("rank mode cold_start", 0, "")]
    [InlineData("rank mode ColdStart", 0, "")]
    [InlineData("campaign steps 77", 5, "There is no campaign 77")]
    [InlineData("campaign compare 77", 5, "There is no campaign 77")]
    [InlineData("campaign tracking 77", 5, "There is no campaign 77")]
    [InlineData("discover run 77", 5, "There is no discovery 77")]
    public async Task A_word_is_read_as_it_is_written_elsewhere_and_what_is_not_there_is_said(
        string arguments, int exit, string hint)
    {
        var run = await Run(database.ConnectionString, arguments.Split(' '));

        Assert.Equal(exit, run.Exit);
        Assert.Contains(hint, run.Errors);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_one_sentence()
    {
        var run = await Run(Nowhere, "workspace", "list");

        Assert.Equal(1, run.Exit);
        Assert.Single(run.Errors.Trim().Split('\n'));
        Assert.Contains("Overture__Database", run.Errors);
        Assert.DoesNotContain("hidden-secret", run.Errors);
    }

    [Fact]
    public async Task A_wrong_password_is_one_sentence()
    {
        var wrong = new Npgsql.NpgsqlConnectionStringBuilder(
            database.ConnectionString) { Password = "wrong" };
        var run = await Run(wrong.ConnectionString, "workspace", "list");

        Assert.Equal(1, run.Exit);
        Assert.Contains("refused the sign-in", run.Errors);
        Assert.Single(run.Errors.Trim().Split('\n'));
    }

    [Fact]
    public async Task With_json_the_refusal_is_json_on_stdout()
    {
        var run = await Run(database.ConnectionString, "sending", "stop", "--workspace", "nobody", "--json");

        Assert.Equal(5, run.Exit);
        Assert.Equal("not_found", JsonDocument.Parse(
            run.Output).RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_workspace_is_made_listed_stopped_and_resumed()
    {
        await using var own = await TestDatabase.Create();
        var made = await Run(
            own.ConnectionString, "workspace", "create", "Demo", "--time-zone", "Europe/Vienna", "--json");
        Assert.Equal(0, made.Exit);
        Assert.Equal(0, (await Run(own.ConnectionString, "sending", "stop", "--reason", "wrong list")).Exit);

        var listed = JsonDocument.Parse(
            (await Run(own.ConnectionString, "workspace", "list", "--json")).Output).RootElement[0];

        Assert.Equal("Demo", listed.GetProperty("name").GetString());
        Assert.Equal("wrong list", listed.GetProperty("stop_reason").GetString());
        Assert.Equal(0, (await Run(own.ConnectionString, "sending", "resume")).Exit);
        Assert.EndsWith("running", (await Run(own.ConnectionString, "workspace", "list")).Output.Trim());
    }

    [Fact]
    public async Task An_undo_says_whom_it_would_keep_and_whom_it_kept()
    {
        await using var own = await TestDatabase.Create();
        await Run(own.ConnectionString, "workspace", "create", "Demo");
        var folder = Directory.CreateTempSubdirectory();
        foreach (var (name, rows) in new[] { ("one", "Ann,a@x.example\nBo,b@x.example\n"),
            ("two", "Anna,a@x.example\n") })
        {
            var file = Path.Combine(folder.FullName, name + ".csv");
            await File.WriteAllTextAsync(file, "Name,E-mail\n" + rows, TestContext.Current.CancellationToken);
            Assert.Equal(0, (await Run(own.ConnectionString, "lead", "import", file)).Exit);
        }

        var told = await Run(own.ConnectionString, "lead", "undo-import", "1", "--dry-run");
        var done = await Run(own.ConnectionString, "lead", "undo-import", "1");
        folder.Delete(recursive: true);

        Assert.Contains("Would delete 1 leads, 1 people", told.Output + told.Errors);
        Assert.Contains("keep 1 people whom a later list named too (two.csv: 1)", told.Output + told.Errors);
        Assert.Contains("contacts held\t1", done.Output);
        Assert.Contains("Kept, because a later list named them too (two.csv: 1).", done.Output + done.Errors);
    }

    [Fact]
    public async Task The_doctor_passes_a_sound_instance_and_fails_a_dead_database()
    {
        var sound = await Run(database.ConnectionString, "doctor", "--json");
        var dead = await Run(Nowhere, "doctor");

        var checks = JsonDocument.Parse(sound.Output).RootElement.EnumerateArray().ToList();
        Assert.True(sound.Exit == 0, sound.Output + sound.Errors);
        Assert.Contains(checks, check => check.GetProperty("check").GetString() == "database"
            && check.GetProperty("state").GetString() == "passed");
        Assert.Equal(1, dead.Exit);
        Assert.Contains("FAILED  database", dead.Output);
        Assert.Contains("Start PostgreSQL", dead.Output);
    }

    [Fact]
    public async Task The_doctor_logs_in_to_every_mailbox_and_fails_when_one_is_not_to_be_had()
    {
        await using var own = await TestDatabase.Create();
        await using var sink = SmtpSink.Start(
            new SmtpSinkOptions { User = "ada", Password = "right", StartTls = true });
        var cancel = TestContext.Current.CancellationToken;
        var workspaces = new Workspaces(own.Database, TimeProvider.System);
        var workspace = await workspaces.Add("Live", "UTC", cancel);
        var mailboxes = new Mailboxes(
            own.Database, new SecretBox(new byte[SecretBox.KeyBytes]), TimeProvider.System);
        foreach (var (name, password) in new[] { ("ada", "right"), ("eve", "wrong") })
            await mailboxes.Create(
                workspace,
                new MailboxDraft
                {
                    Address = $"{name}@overture.example", FromName = name, SmtpHost = "localhost",
                    SmtpPort = sink.Port, SmtpSecurity = "starttls", SmtpUsername = "ada",
                    SmtpPassword = password, SmtpCa = SmtpSink.Authorities.ExportCertificatePems(),
                },
                cancel);

        var dry = await Run(own.ConnectionString, "doctor", "--json");
        await workspaces.SetDryRun(workspace, false, cancel);
        var live = await Run(own.ConnectionString, "doctor");
        var offline = await Run(own.ConnectionString, "doctor", "--offline");

        var lines = JsonDocument.Parse(dry.Output).RootElement.EnumerateArray().ToList();
        Assert.True(dry.Exit == 0, dry.Output + dry.Errors);
        Assert.Equal(
            ["ada@overture.example", "eve@overture.example", "overture.example"],
            lines.Select(line => line.GetProperty("of").GetString()).OfType<string>());
        foreach (var check in new[] { "version", "queue", "quarantine", "smtp", "dns" })
            Assert.Contains(lines, line => line.GetProperty("check").GetString() == check);
        Assert.Equal(1, live.Exit);
        Assert.Contains("WARN    smtp ada@overture.example localhost takes the connection", live.Output);
        Assert.Contains("FAILED  smtp eve@overture.example localhost:", live.Output);
        Assert.Contains("overture mailbox test 2", live.Output);
        Assert.Equal(0, offline.Exit);
        Assert.DoesNotContain("smtp", offline.Output);
        Assert.Empty(sink.Messages);
    }

    [Theory]
    [InlineData("now(), now(), 'could not extend file'", 1, "FAILED  recording", "could not extend file")]
    [InlineData("now() - interval '1 hour', null, null", 0, "recording", "No worker has written")]
    [InlineData("now(), null, null", 0, "recording", "What is sent is written down")]
    public async Task The_doctor_says_whether_what_is_sent_is_written_down(
        string row, int exit, string line, string words)
    {
        await using var own = await TestDatabase.Create();
        await using (var command = own.Source.CreateCommand(
            "insert into instance (system_identifier, alive_at, unrecorded_since, unrecorded_reason) "
            + $"values ('here', {row})"))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var run = await Run(own.ConnectionString, "doctor");

        Assert.True(run.Exit == exit, run.Output + run.Errors);
        Assert.Contains(run.Output.Split('\n'), said =>
            said.Contains(line, StringComparison.Ordinal) && said.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_mistake_of_the_configuration_is_named_at_once()
    {
        var run = await Run(
            "Hst=nowhere", ["version-less"], ("Overture__Databse", "x"));
        var listed = await Run(
            "Hst=nowhere", ["workspace", "list"],
            ("Overture__Databse", "x"), ("Overture__Urls", "ftp://x"), ("Overture__ApiRequestLimit", "many"));

        Assert.Equal(3, run.Exit);
        Assert.Equal(3, listed.Exit);
        foreach (var key in new[] { "Overture__Databse is not known", "Overture__Database", "Overture__Urls",
            "Overture__ApiRequestLimit" })
            Assert.Contains(key, listed.Errors);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Completion_scripts_ask_the_program_itself(string shell)
    {
        var script = await Run(database.ConnectionString, "completion", shell);
        var suggested = await Run(database.ConnectionString, "[suggest:11]", "overture wo");

        Assert.Contains("[suggest:", script.Output);
        Assert.Contains("workspace", suggested.Output.Split('\n'));
    }

    static Task<OvertureProgram.Ended> Run(string connection, params string[] arguments) =>
        OvertureProgram.Run(connection, arguments);

    static Task<OvertureProgram.Ended> Run(
        string connection, string[] arguments, params (string Name, string Value)[] environment) =>
        OvertureProgram.Run(connection, arguments, environment);
}
