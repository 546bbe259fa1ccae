using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ImportLeadsCommand
{
    public static Command Build(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "A CSV or XLSX file." };
        var map = new Option<string[]>("--map")
        {
            Description = "COLUMN=FIELD, or COLUMN=skip; may be repeated.",
        };
        var rule = Word.Option(
            "--rule", "For people who are known: fill_blanks, overwrite or skip.", default(DuplicateRule));
        var preset = new Option<string?>("--preset")
        {
            Description = "Read the columns as this preset says; --map and --rule are then not read.",
        };
        var keep = new Option<string?>("--save-preset")
        {
            Description = "Keep how this file is read under a name.",
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Report what would happen; change nothing.",
        };
        return host.Verb(
            "import", "Import a CSV or XLSX file of people or companies.",
            [file, map, rule, preset, keep, dryRun],
            async (run, cancel) =>
        {
            var path = run.Args.GetValue(file)!;
            if (!path.Exists) throw new RuleBroken("not_found", $"There is no file {path.FullName}.", "file");
            if (path.Length > Imports.MaxBytes)
                throw new RuleBroken(
                    "file_too_large",
                    $"{path.Name} is larger than {Imports.MaxBytes / 1024 / 1024} MiB; split it.", "file");
            var workspace = await run.Workspace(cancel);
            var imports = await run.Get<Imports>(cancel);
            await using var content = path.OpenRead();
            var id = await imports.Upload(workspace.Id, path.Name, content, CliRun.By, cancel);
            var preview = await imports.Preview(workspace.Id, id, cancel);
            if (run.Args.GetValue(preset) is { } known)
                await imports.UsePreset(
                    workspace.Id, id, await Preset(imports, workspace.Id, known, cancel), cancel);
            else
                await imports.Map(
                    workspace.Id, id, Mapping(preview, run.Args.GetValue(map) ?? []), run.Args.GetValue(rule),
                    cancel);
            if (run.Args.GetValue(keep) is { } name)
                await imports.SavePreset(workspace.Id, id, name, CliRun.By, cancel);
            Tell(run, preview, (await imports.Get(workspace.Id, id, cancel)).MappingOf());
            if (run.Args.GetValue(dryRun))
            {
                run.Out.Data(await imports.Check(workspace.Id, id, cancel));
                return ExitCode.Ok;
            }

            var jobId = await imports.Start(workspace.Id, id, CliRun.By, cancel);
            return await LongJob.Watch(run, workspace.Id, jobId, path.Name, cancel);
        });
    }

    static async Task<long> Preset(
        Imports imports, long workspace, string name, CancellationToken cancel) =>
        (await imports.Presets(workspace, cancel)).FirstOrDefault(one => one.Name == name)?.Id
            ?? throw new RuleBroken("not_found", $"There is no preset “{name}”.", "preset");

    static Dictionary<string, string> Mapping(ImportPreview preview, string[] given)
    {
        var mapping = preview.Import.MappingOf().ToDictionary();
        foreach (var pair in given)
        {
            if (pair.Split('=', 2) is not [var column, var field])
                throw new RuleBroken(
                    "bad_mapping", $"--map {pair} must look like “Column=field”.", "mapping");
            foreach (var taken in mapping.Where(known => known.Value == field).ToList())
                mapping.Remove(taken.Key);
            mapping[column] = field;
        }

        return mapping;
    }

    static void Tell(CliRun run, ImportPreview preview, IReadOnlyDictionary<string, string> mapping)
    {
        run.Out.Say(
            $"{preview.RowCount:N0} rows, {preview.Encoding}, divided by “{preview.Delimiter}”, header in "
            + $"line {preview.HeaderLine}.");
        foreach (var note in preview.Notes) run.Out.Say(note);
        foreach (var column in preview.Columns)
            run.Out.Say($"  {column.Column} → {mapping.GetValueOrDefault(column.Column, "skip")}");
    }
}
