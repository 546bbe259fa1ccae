using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ExportTrainingSetCommand
{
    const string Csv = "csv";

    public static Command Build(CliHost host)
    {
        var format = new Option<string>("--format")
        {
            Description = "csv: a header, a line for each lead written to, empty cells for what is missing.",
            DefaultValueFactory = _ => Csv,
        };
        var output = new Option<FileInfo?>("--output") { Description = "A file; stdout when left out." };
        return host.Verb(
            "export", "Write the training set, rebuilt if its features are out of date.", [format, output],
            async (run, cancel) =>
            {
                if (run.Args.GetValue(format) != Csv)
                    throw new RuleBroken("bad_format", "The only format is csv.", "format");
                var workspace = await run.Workspace(cancel);
                var training = await run.Get<TrainingSet>(cancel);
                if (run.Args.GetValue(output) is not { } file)
                {
                    await training.WriteCsv(workspace.Id, Console.Out, cancel);
                    return ExitCode.Ok;
                }

                await using (var to = new StreamWriter(file.FullName))
                    await training.WriteCsv(workspace.Id, to, cancel);
                run.Out.Show(new { file = file.FullName }, file.FullName);
                return ExitCode.Ok;
            });
    }
}
