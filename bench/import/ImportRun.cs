using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Bench.ListImport;

/// <summary>One import in this process, as a worker of the server does it.</summary>
static class ImportRun
{
    const int WarmUpRows = 40_000;

    public static async Task<int> Host(string folder, string[] settings)
    {
        await using var postgres = await LocalPostgres.Start(
            folder, settings, NullLogger.Instance, TimeProvider.System, default);
        var place = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        Console.WriteLine($"{place.Host} {place.Port} {place.Username} {place.Password} {place.Database}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static async Task<int> Migrate(string connection)
    {
        await using var database = Database.Connect(connection);
        await Migrator.Apply(database.Source, TimeProvider.System, null, default);
        await new Workspaces(database, TimeProvider.System).Add("Bench", "UTC", default);
        return 0;
    }

    public static async Task<int> Import(string connection, string path, string rule)
    {
        await using var database = Database.Connect(connection);
        var time = TimeProvider.System;
        var workspace = (await new Workspaces(database, time).All(default))[0].Id;
        await using var node = await Node.Join(database, "bench", time, default);
        var imports = new Imports(database, new JobQueue(database, time), time);
        var began = Stopwatch.GetTimestamp();
        await using var file = File.OpenRead(path);
        var id = await imports.Upload(workspace, Path.GetFileName(path), file, "bench", default);
        var uploaded = Stopwatch.GetElapsedTime(began);
        var mapping = (await imports.Get(workspace, id, default)).MappingOf();
        await imports.Map(workspace, id, mapping, Enum.Parse<DuplicateRule>(rule), default);
        // A worker runs for weeks: it is measured warm. The rehearsal is rolled back.
        await imports.Check(workspace, id, default, WarmUpRows);
        began = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        var jobId = await imports.Start(workspace, id, "bench", default);
        using var worker = new JobWorker(
            database, [new ImportFile(database, time)], time, NullLogger<JobWorker>.Instance);
        var job = (await worker.RunOnly(node, workspace, jobId, default))!;
        var took = Stopwatch.GetElapsedTime(began);
        if (job.State != JobState.Completed) throw new InvalidOperationException(job.Error);
        var report = JsonSerializer.Deserialize<ImportReport>(job.Result!, JobJson.Options)!;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            rows = report.Rows, seconds = took.TotalSeconds, upload_seconds = uploaded.TotalSeconds,
            rows_per_second = report.Rows / took.TotalSeconds, peak_mib = PeakMebibytes(),
            cpu_seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            report = report with { Problems = [] },
        }, JobJson.Options));
        return 0;
    }

    public static async Task<int> Undo(string connection)
    {
        await using var database = Database.Connect(connection);
        var time = TimeProvider.System;
        var workspace = (await new Workspaces(database, time).All(default))[0].Id;
        await using var node = await Node.Join(database, "bench", time, default);
        var imports = new Imports(database, new JobQueue(database, time), time);
        var first = (await imports.List(workspace, null, 100, default))[^1];
        var began = Stopwatch.GetTimestamp();
        using var worker = new JobWorker(
            database, [new UndoImport(database, time)], time, NullLogger<JobWorker>.Instance);
        var job = (await worker.RunOnly(
            node, workspace, await imports.Undo(workspace, first.Id, "bench", default), default))!;
        var took = Stopwatch.GetElapsedTime(began);
        if (job.State != JobState.Completed) throw new InvalidOperationException(job.Error);
        var done = JsonSerializer.Deserialize<UndoImport.Summary>(job.Result!, JobJson.Options)!;
        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                seconds = took.TotalSeconds, peak_mib = PeakMebibytes(), removed = done.ContactsRemoved,
                kept = done.ContactsHeld,
            }));
        return 0;
    }

    public static async Task<int> RowByRow(string connection, string path, int count)
    {
        await using var database = Database.Connect(connection);
        var workspace = (await new Workspaces(database, TimeProvider.System).All(default))[0].Id;
        var intake = new Intake(TimeProvider.System);
        var table = CsvTable.Read(
            File.ReadAllBytes(path)[..Math.Min((int)new FileInfo(path).Length, 4 << 20)], false);
        var at = table.Columns.Index().ToDictionary(column => column.Item, column => column.Index);
        var began = Stopwatch.GetTimestamp();
        foreach (var row in table.Rows.Take(count))
        {
            var lead = new CollectedLead
            {
                Source = "import", Detail = $"line {row.Line}",
                Company = new Company
                {
                    Name = row.Cells[at["Company"]], Website = row.Cells[at["Website"]],
                    Domain = WebDomain.Of(row.Cells[at["Website"]]), Industry = row.Cells[at["Industry"]],
                },
                Contact = new Contact
                {
                    FullName = row.Cells[at["First Name"]] + " " + row.Cells[at["Last Name"]],
                    Email = row.Cells[at["Email"]], LinkedInUrl = row.Cells[at["Person Linkedin Url"]],
                    Title = row.Cells[at["Title"]], Phone = row.Cells[at["Phone"]],
                },
            };
            await database.InWorkspace(
                workspace, session => intake.Take(session, lead, DuplicateRule.FillBlanks, default), default);
        }

        var took = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            rows = count, seconds = took.TotalSeconds, rows_per_second = count / took.TotalSeconds,
        }));
        return 0;
    }

    static long PeakMebibytes() => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;
}
