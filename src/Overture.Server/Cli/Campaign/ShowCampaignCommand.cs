using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ShowCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var draft = new Option<bool>("--draft")
        {
            Description = "Print it as the file that “campaign edit” takes, in YAML; with --json in JSON.",
        };
        return host.Verb("show", "Show a campaign with its steps and texts.", [id, draft],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var detail = await (await run.Get<Campaigns>(cancel))
                    .Get(workspace.Id, run.Args.GetValue(id), cancel);
                if (run.Args.GetValue(draft))
                {
                    var file = Campaigns.DraftOf(detail);
                    if (run.Out.IsJson) run.Out.Data(file);
                    else Console.Out.Write(CampaignFile.Write(file));
                }
                else
                {
                    run.Out.Show(detail, [.. Lines(detail)]);
                }

                return ExitCode.Ok;
            });
    }

    static IEnumerable<string> Lines(CampaignDetail detail)
    {
        var campaign = detail.Campaign;
        yield return $"{campaign.Name}, {Word(campaign.State)}"
            + (campaign.PausedReason is { } reason ? $": {reason}" : "");
        if (campaign.Goal.Length > 0) yield return campaign.Goal;
        yield return $"mailbox\t{Text(campaign.MailboxId, "none chosen")}";
        yield return $"new a day\t{Text(campaign.NewPerDayLimit, "no limit")}";
        if (campaign.IsPilot) yield return $"pilot of\t{campaign.PilotSize}";
        foreach (var step in detail.Steps)
        {
            yield return "";
            yield return $"Step {step.Position}: {Word(step.Kind)}, after {step.DelayDays} "
                + $"{(step.InWorkingDays ? "working days" : "days")}{(step.EndsHere ? ", the last" : "")}";
            if (step.Condition is { } asked) yield return Question(asked, detail.Steps);
            foreach (var text in step.Variants)
            {
                yield return $"  {text.Name} (share {text.Weight}): {text.Subject}";
                foreach (var line in text.Body.Split('\n')) yield return $"    {line.TrimEnd()}";
            }
        }
    }

    static string Question(StepCondition asked, IReadOnlyList<Step> steps)
    {
        var field = asked.Field is null ? "" : $" {asked.Field}";
        var compared = asked.Operator is { } compare ? $" {Word(compare)}" : "";
        var value = asked.Value is null ? "" : $" “{asked.Value}”";
        return $"  {Word(asked.Test)}{field}{compared}{value}? yes: {Way(asked.YesStepId)}, "
            + $"no: {Way(asked.NoStepId)}";

        string Way(long? id) => steps.FirstOrDefault(step => step.Id == id) is { } step
            ? $"step {step.Position}" : "end";
    }

    static string Word<T>(T word)
        where T : struct, Enum =>
        Spelling.Outside.ConvertName(word.ToString()).Replace('_', ' ');

    static string Text(long? number, string none) =>
        number?.ToString(CultureInfo.InvariantCulture) ?? none;
}
