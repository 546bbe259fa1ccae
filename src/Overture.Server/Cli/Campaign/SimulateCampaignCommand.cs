using System.CommandLine;
using System.Globalization;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class SimulateCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var days = Number.Option(
            "--days", "How many days from now:", 30, 1, SimulationPlan.MostDays);
        var seed = new Option<long>("--seed")
        {
            Description = "Makes the same people answer the same way.", DefaultValueFactory = _ => 1,
        };
        var replies = Share("--replies", "The share of messages that is answered, such as 0.05.");
        var bounces = Share("--bounces", "The share that bounces.");
        var absences = Share("--out-of-office", "The share answered by an absence note.");
        var unsubscribes = Share("--unsubscribes", "The share whose reader unsubscribes.");
        return host.Verb(
            "simulate",
            "Run a campaign on a virtual clock: every message with its time, every limit it meets.",
            [id, days, seed, replies, bounces, absences, unsubscribes],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var plan = new SimulationPlan
                {
                    Days = run.Args.GetValue(days),
                    Recipients = new RecipientModel
                    {
                        Seed = run.Args.GetValue(seed), Reply = run.Args.GetValue(replies),
                        Bounce = run.Args.GetValue(bounces), OutOfOffice = run.Args.GetValue(absences),
                        Unsubscribe = run.Args.GetValue(unsubscribes),
                    },
                };
                var simulation = await (await run.Get<SimulateCampaign>(cancel))
                    .Run(workspace.Id, run.Args.GetValue(id), plan, cancel);
                if (run.Out.IsJson) run.Out.Data(simulation);
                else Show(run, simulation);
                return ExitCode.Ok;
            });
    }

    static Option<double> Share(string name, string description) =>
        new(name) { Description = description };

    static void Show(CliRun run, Simulation simulation)
    {
        foreach (var assumed in simulation.Assumed) run.Out.Say($"Assumed: {assumed}");
        var happened = simulation.Sends
            .Select(
                send => (
                    send.At, What: "send", Who: send.To, Detail: $"step {send.Position} from {send.Mailbox}"))
            .Concat(simulation.Limits.Select(limit => (
                limit.At, What: "limit", Who: limit.Mailbox,
                Detail: limit.Until is { } until
                    ? $"{limit.Sentence} Until {Moment(until)}." : limit.Sentence)))
            .Concat(simulation.Reactions.Select(reaction => (
                reaction.At, What: "answer", Who: reaction.From, Detail: reaction.Reaction.ToString())))
            .OrderBy(one => one.At).ToList();
        run.Out.Rows(
            happened, ("When (UTC)", one => Moment(one.At)), ("What", one => one.What),
            ("Who", one => one.Who),
            ("Detail", one => one.Detail));
        run.Out.Say(
            string.Create(CultureInfo.InvariantCulture, $"{simulation.Sends.Count:N0} messages; ")
            + string.Join(", ", simulation.Enrollments.Select(end => $"{end.Key} {end.Value}")) + ".");
    }

    static string Moment(DateTime at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
