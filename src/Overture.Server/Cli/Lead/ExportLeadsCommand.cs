using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ExportLeadsCommand
{
    public static Command Build(CliHost host)
    {
        var file = new Argument<string>("file") { Description = "Where to write: .csv, .json or .xlsx." };
        var search = new Option<string?>("--search") { Description = "Name, title, address or company." };
        var state = Word.Maybe<LeadState>(
            "--state", $"Only leads in this state: {Word.All<LeadState>()}.");
        var source = new Option<string?>("--source") { Description = "Only leads from this source." };
        var list = new Option<long?>("--list") { Description = "Only leads on this list." };
        return host.Verb(
            "export", "Write a filtered list of leads to a file.", [file, search, state, source, list],
            async (run, cancel) =>
        {
            var path = run.Args.GetValue(file)!;
            var format = Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".csv" => ExportFormat.Csv,
                ".json" => ExportFormat.Json,
                ".xlsx" => ExportFormat.Xlsx,
                _ => throw new RuleBroken("bad_format", "The file must end in .csv, .json or .xlsx.", "file"),
            };
            var filter = new LeadFilter
            {
                Search = run.Args.GetValue(search), State = run.Args.GetValue(state),
                Source = run.Args.GetValue(source), ListId = run.Args.GetValue(list),
            };
            var workspace = await run.Workspace(cancel);
            await using var output = File.Create(path);
            var count = await (await run.Get<LeadExport>(cancel)).Write(
                workspace.Id, new LeadSelection(filter), format, output, cancel);
            if (run.Out.IsJson) run.Out.Data(new { file = path, leads = count });
            else run.Out.Say($"{count:N0} leads written to {path}.");
            return ExitCode.Ok;
        });
    }
}
