using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Short ways to take a file in and back, as the jobs do it.</summary>
[SupportedOSPlatform("linux")]
static class ImportedFiles
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Takes rows of CSV in and returns the import's number.</summary>
    public static async Task<long> Import(
        this TestWorkspace test, string csv, DuplicateRule rule = DuplicateRule.FillBlanks,
        string name = "people.csv")
    {
        var imports = test.Get<Imports>();
        var id = await imports.Upload(test.Id, name, Encoding.UTF8.GetBytes(csv), "Ada", Cancel);
        await imports.Map(test.Id, id, (await imports.Get(test.Id, id, Cancel)).MappingOf(), rule, Cancel);
        await test.Work(await imports.Start(test.Id, id, "Ada", Cancel));
        return id;
    }

    public static async Task<UndoImport.Summary> Undo(this TestWorkspace test, long import)
    {
        var job = await test.Work(await test.Get<Imports>().Undo(test.Id, import, "Ada", Cancel));
        return JsonSerializer.Deserialize<UndoImport.Summary>(job.Result!, JobJson.Options)!;
    }

    public static async Task<Job> Work(this TestWorkspace test, long job)
    {
        using var worker = new JobWorker(
            test.Database, test.Get<IEnumerable<IJobKind>>(), test.Time, NullLogger<JobWorker>.Instance);
        var done = (await worker.RunOnly(test.Node, test.Id, job, Cancel))!;
        Assert.True(done.State == JobState.Completed, done.Error);
        return done;
    }

    public static Task<string> Names(this TestWorkspace test) => test.Ask<string>(
        "select coalesce(string_agg(c.full_name, ', ' order by c.id), '') "
        + "from contacts c join leads l on l.contact_id = c.id");
}
