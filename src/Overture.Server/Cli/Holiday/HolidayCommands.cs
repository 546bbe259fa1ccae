using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class HolidayCommands
{
    public static Command BuildList(CliHost host) =>
        host.Verb("list", "The days on which nobody is written to.", [], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            run.Out.Rows(
                await (await run.Get<Holidays>(cancel)).List(workspace.Id, cancel),
                ("Day", one => one.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                ("Name", one => one.Name),
                ("For whom", one => one.Country.Length == 0 ? "everybody" : one.Country));
            return ExitCode.Ok;
        });

    public static Command BuildAdd(CliHost host)
    {
        var (day, country) = Asked();
        var name = new Argument<string>("name") { Description = "What it is called." };
        return host.Verb(
            "add", "Write to nobody on a day, everywhere or in one country.", [day, name, country],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var holiday = new Holiday(
                    run.Args.GetValue(day), run.Args.GetValue(country) ?? "", run.Args.GetValue(name)!);
                await (await run.Get<Holidays>(cancel)).Add(workspace.Id, holiday, cancel);
                run.Out.Show(holiday, $"Nobody is written to on {holiday.Day:yyyy-MM-dd}.");
                return ExitCode.Ok;
            });
    }

    public static Command BuildRemove(CliHost host)
    {
        var (day, country) = Asked();
        return host.Verb(
            "remove", "Write to people on a day again.", [day, country], async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                await (await run.Get<Holidays>(cancel)).Remove(
                    workspace.Id, run.Args.GetValue(day), run.Args.GetValue(country) ?? "", cancel);
                run.Out.Show(new { day = run.Args.GetValue(day), removed = true }, "Removed.");
                return ExitCode.Ok;
            });
    }

    static (Argument<DateOnly> Day, Option<string?> Country) Asked() => (
        new Argument<DateOnly>("day") { Description = "The day, such as 2026-12-24." },
        new Option<string?>("--country") { Description = "DE or Germany; without it, everywhere." });
}
