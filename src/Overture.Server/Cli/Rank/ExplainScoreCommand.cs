using System.CommandLine;
using System.Text.Json.Nodes;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ExplainScoreCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("lead-id") { Description = "The lead's number." };
        return host.Verb("explain", "Say why a lead has its score, as kept with it.", [id],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var lead = (await (await run.Get<Leads>(cancel))
                .Get(workspace.Id, run.Args.GetValue(id), cancel)).Lead;
            if (lead.ScoreReasons is not { } kept)
                throw new RuleBroken("not_ranked",
                    $"Lead {lead.Id} has not been ranked yet. Run the pipeline first.");
            var why = JsonNode.Parse(kept)!;
            if (run.Out.IsJson) run.Out.Data(new { lead = lead.Id, lead.Score, ranking = why });
            else Show(lead, why);
            return ExitCode.Ok;
        });
    }

    static void Show(Lead lead, JsonNode why)
    {
        Console.Out.WriteLine($"{lead.Score?.ToString("0.#") ?? "no score"}\t{why["why"]}");
        foreach (var part in new[] { "reasons", "fit" })
            foreach (var reason in why[part] as JsonArray ?? [])
                Console.Out.WriteLine(reason is JsonObject facts
                    ? string.Join('\t', facts.Select(fact => fact.Value?.ToString() ?? ""))
                    : reason?.ToString());
    }
}
