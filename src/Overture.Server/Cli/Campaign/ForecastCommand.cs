using System.CommandLine;
using System.Globalization;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ForecastCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb(
            "forecast", "Show day by day what a campaign is likely to send.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var forecast = await (await run.Get<ReviewCampaign>(cancel))
                .Forecast(workspace.Id, run.Args.GetValue(id), cancel);
            if (run.Out.IsJson)
            {
                run.Out.Data(forecast);
                return ExitCode.Ok;
            }

            run.Out.Rows(
                forecast.Days,
                ("Day", day => day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                ("First messages", day => day.FirstMessages.ToString("N0", CultureInfo.InvariantCulture)),
                ("Follow-ups", day => day.FollowUps.ToString("N0", CultureInfo.InvariantCulture)));
            run.Out.Say(forecast.IsComplete
                ? string.Create(CultureInfo.InvariantCulture, $"{forecast.Total:N0} messages in all.")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{forecast.Total:N0} messages within a year; it is not enough."));
            return ExitCode.Ok;
        });
    }
}
