using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CompareTextsCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb(
            "compare", "Compare the wordings of a campaign's steps; look as often as you like.", [id],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var report = await run.Get<SequenceReport>(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<Campaigns>(cancel)).Get(workspace.Id, number, cancel);
            var names = (await report.Variants(workspace.Id, number, cancel))
                .ToDictionary(text => text.Id, text => text.Name);
            var compared = await report.Comparisons(workspace.Id, number, cancel);
            if (run.Out.IsJson)
            {
                run.Out.Data(compared);
                return ExitCode.Ok;
            }

            run.Out.Rows(
                [.. compared.SelectMany(step => step.Comparison.Variants.Select(text => (step, text)))],
                ("Step", row => row.step.Position.ToString()),
                ("Text", row => $"{names.GetValueOrDefault(row.text.VariantId)} ({row.text.VariantId})"),
                ("Counted", row => row.text.Trials.ToString()),
                ("Replied", row => row.text.Answers.ToString()),
                ("Rate", row => Percent(row.text.Rate)),
                ("Chance to be best", row => Percent(row.text.ProbabilityBest)),
                ("Always-valid p", row => row.step.Comparison.AlwaysValidP.ToString(
                    "0.####", CultureInfo.InvariantCulture)),
                ("Verdict", row => Verdict(row.step.Comparison)));
            return ExitCode.Ok;
        });
    }

    public static Command BuildPromote(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var text = new Argument<long>("text") { Description = "The text's number, as “compare” shows it." };
        return host.Verb(
            "promote", "Give every further message of a step to one wording.", [id, text],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var winner = run.Args.GetValue(text);
            await (await run.Get<Campaigns>(cancel))
                .Promote(workspace.Id, run.Args.GetValue(id), winner, cancel);
            run.Out.Show(new { text = winner }, $"Text {winner} gets every further message of its step.");
            return ExitCode.Ok;
        });
    }

    static string Verdict(Comparison comparison) => comparison.Verdict switch
    {
        ComparisonVerdict.Winner => "winner",
        ComparisonVerdict.NoDifference => "no difference",
        _ => "keep running",
    };

    static string Percent(double rate) => rate.ToString("P1", CultureInfo.InvariantCulture);
}
