using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ImportsCommand
{
    const int Shown = 50;

    /// <summary>Earlier imports, newest first.</summary>
    public static Command Build(CliHost host) => host.Verb(
        "imports", "List earlier imports.", [], async (run, cancel) =>
    {
        var workspace = await run.Workspace(cancel);
        var rows = await (await run.Get<Imports>(cancel)).List(workspace.Id, null, Shown, cancel);
        if (run.Out.IsJson) run.Out.Data(rows);
        else run.Out.Rows(
            rows, ("Id", one => one.Id.ToString()), ("File", one => one.FileName),
            ("State", one => one.State.ToString().ToLowerInvariant()),
            ("Rows", one => one.RowCount.ToString()), ("By", one => one.CreatedBy),
            ("Uploaded", one => one.CreatedAt.ToString("yyyy-MM-dd HH:mm")));
        return ExitCode.Ok;
    });

    /// <summary>How kinds of files are read.</summary>
    public static Command BuildPresets(CliHost host)
    {
        var delete = new Option<long?>("--delete") { Description = "Delete the preset of this number." };
        return host.Verb(
            "presets", "List the presets of imports, or delete one.", [delete], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var imports = await run.Get<Imports>(cancel);
            if (run.Args.GetValue(delete) is { } id) await imports.DeletePreset(workspace.Id, id, cancel);
            var rows = await imports.Presets(workspace.Id, cancel);
            if (run.Out.IsJson) run.Out.Data(rows);
            else run.Out.Rows(
                rows, ("Id", one => one.Id.ToString()), ("Name", one => one.Name),
                ("Reads", one => string.Join(", ", one.Columns().Keys)),
                ("Rule", one => one.RuleWord.Replace('_', ' ')));
            return ExitCode.Ok;
        });
    }
}
