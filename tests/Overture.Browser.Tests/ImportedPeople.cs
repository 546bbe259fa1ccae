using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Browser.Tests;

/// <summary>
/// What somebody has who imported a file of people: a list, a view, a preset, and pairs that look alike.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed record ImportedPeople(long Import, long List)
{
    public const string FileName = "fair.csv";
    public const string ListName = "Fair in Vienna";
    public const string ViewName = "Founders with an address";
    public const string PresetName = "Fair visitors";
    const int Visitors = 56;

    /// <summary>56 visitors, two of them with a namesake at their company, and a company twice.</summary>
    static string Rows()
    {
        var text = new StringBuilder("Name,Job title,E-mail,Company,Website,City\n");
        for (var at = 1; at <= Visitors; at++)
            text.Append(
                $"Visitor {at:00},{(at % 2 == 0 ? "Founder" : "CTO")},v{at}@fair{at % 9}.example,"
                + $"Fair Works {at % 9},https://fair{at % 9}.example,Vienna\n");
        return text
            + "Visitor 01,Chief Technologist,first@fair1.example,Fair Works 1,https://fair1.example,Graz\n"
            + "Visitor 02,Founder,second@fair2.example,Fair Works 2,https://fair2.example,Linz\n"
            + "Otto Other,CEO,otto@fairworks.test,Fair Works 3,https://fairworks.test,Wels\n";
    }

    public static async Task<ImportedPeople> Add(BrowserApp app, long workspace)
    {
        var imports = app.Services.GetRequiredService<Imports>();
        var import = await imports.Upload(
            workspace, FileName, Encoding.UTF8.GetBytes(Rows()), "Ada", default);
        await imports.SavePreset(workspace, import, PresetName, "Ada", default);
        await WorkOff(app, workspace, await imports.Start(workspace, import, "Ada", default));
        var lists = app.Services.GetRequiredService<LeadLists>();
        var list = await lists.Create(workspace, ListName, default);
        await lists.Add(
            workspace, list, new LeadSelection(new LeadFilter { Search = "visitor" }), default);
        await lists.SaveView(workspace, ViewName, "search=founder&has_email=true", "Ada", default);
        return new ImportedPeople(import, list);
    }

    public static async Task WorkOff(BrowserApp app, long workspace, long job)
    {
        await using var node = await Node.Join(app.Database, "test", TimeProvider.System, default);
        await app.Services.GetRequiredService<JobWorker>().RunOnly(node, workspace, job, default);
    }
}

/// <summary>A claimed workspace with imported people and nothing else.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImportedBrowserApp : BrowserApp
{
    public long WorkspaceId { get; private set; }

    public ImportedPeople People { get; private set; } = new(0, 0);

    protected override async Task Prepare()
    {
        WorkspaceId = await Services.GetRequiredService<Workspaces>().Add("Fair", "UTC", default);
        People = await ImportedPeople.Add(this, WorkspaceId);
    }
}
