using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Configuration;
using Overture.Server.Startup;

namespace Overture.Server.Web;

public sealed partial class CollectPage(
    PageState state, JobQueue jobs, OvertureOptions options, TimeProvider time, NavigationManager navigation)
{
    const int MostSamples = 100_000;
    const int MostShown = 10;

    PageState State => state;

    string From { get; set; } = "";

    string To { get; set; } = "";

    bool SkipFunds { get; set; } = true;

    string Count { get; set; } = Demo.LeadCount.ToString(CultureInfo.InvariantCulture);

    string Seed { get; set; } = "1";

    RuleBroken? Broken { get; set; }

    IReadOnlyList<Job> Collections { get; set; } = [];

    /// <summary>The SEC refuses whoever does not say who he is.</summary>
    bool EdgarIsMute =>
        string.IsNullOrWhiteSpace(options.SecEdgarUserAgent) && !new Uri(options.SecEdgarUrl).IsLoopback;

    // All is read before anything is drawn: the framework would draw the page once with half of its data.
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        var yesterday = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1);
        (From, To) = (Iso(yesterday), Iso(yesterday));
        Collections =
        [
            .. (await List(CollectSecEdgar.Name)).Concat(await List(CollectSynthetic.Name))
                .OrderByDescending(job => job.Id).Take(MostShown),
        ];
        await base.SetParametersAsync(ParameterView.Empty);
    }

    Task CollectEdgar()
    {
        (From, To, SkipFunds) = (Form("from"), Form("to"), Form("skip_funds") == "true");
        return Start(CollectSecEdgar.Name, "Filings are being collected.", () =>
        {
            var (first, last) = (Day("from"), Day("to"));
            if (last < first)
                throw new RuleBroken("bad_range", "The last day comes before the first.", "to");
            if (last.DayNumber - first.DayNumber >= CollectSecEdgar.LongestRangeDays)
                throw new RuleBroken("range_too_long",
                    $"Choose at most {CollectSecEdgar.LongestRangeDays} days at a time.", "to");
            return new CollectSecEdgar.Args(first, last, SkipFunds);
        });
    }

    Task CollectSample()
    {
        (Count, Seed) = (Form("count"), Form("seed"));
        return Start(CollectSynthetic.Name, "Sample leads are being made.", () => new CollectSynthetic.Args(
            Number("count", Count, 1, MostSamples), Number("seed", Seed, 0, int.MaxValue)));
    }

    async Task Start(string kind, string done, Func<object> read)
    {
        try
        {
            var parameters = read();
            var key = $"{kind}:{JsonSerializer.Serialize(parameters, JobJson.Options)}";
            await jobs.Enqueue(state.Workspace.Id, kind, parameters, state.Caller.Name, state.Cancel, key);
            Notice.Say(state.Http, done);
            navigation.NavigateTo("/collect");
        }
        catch (RuleBroken broken)
        {
            Broken = broken;
            state.Http.Response.StatusCode = Trouble.From(broken).Http;
        }
    }

    DateOnly Day(string field)
    {
        if (!DateOnly.TryParseExact(
            Form(field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw new RuleBroken("bad_date", "Enter a day, such as 2026-03-31.", field);
        return day <= DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)
            ? day
            : throw new RuleBroken("date_in_future", "Nothing has been filed on days to come.", field);
    }

    static int Number(string field, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : throw new RuleBroken(
                "bad_number", $"Enter a whole number from {least:N0} to {most:N0}.", field);

    string Form(string name) => state.Http.Request.Form[name].ToString().Trim();

    Task<IReadOnlyList<Job>> List(string kind) =>
        jobs.List(state.Workspace.Id, kind, null, null, MostShown, state.Cancel);

    static string Words(Job job)
    {
        if (job.Kind == CollectSynthetic.Name)
            return $"{job.ParametersAs<CollectSynthetic.Args>().Count:N0} sample leads";
        var (from, to, _) = job.ParametersAs<CollectSecEdgar.Args>();
        return from == to ? $"Filings of {Iso(from)}" : $"Filings from {Iso(from)} to {Iso(to)}";
    }

    static string Progress(Job job) => job.Error is { } error && job.State != JobState.Completed ? error
        : job.ProgressTotal is { } total ? $"{job.ProgressDone:N0} of {total:N0}"
        : job.ProgressDone > 0 ? job.ProgressDone.ToString("N0", CultureInfo.InvariantCulture) : "–";

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
