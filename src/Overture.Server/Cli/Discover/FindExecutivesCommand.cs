using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Ranking;

namespace Overture.Server.Cli;

static class FindExecutivesCommand
{
    const int Usual = 3;

    public static Command Build(CliHost host)
    {
        var companies = new Option<long[]>("--company")
        {
            Description = "Only these companies; without it, those with a domain in which nobody is known.",
        };
        var most = Number.Option(
            "--most", "People per company:", Usual, 1, FindExecutives.MostPerCompany);
        var least = Word.Option(
            "--least", "The least level: founder, c_level, vp, head, director.", Seniority.CLevel);
        return host.Verb(
            "executives",
            "Find the people who lead companies; the Enrich phase then finds and checks addresses.",
            [companies, most, least], (run, cancel) =>
            {
                var chosen = run.Args.GetValue(companies) ?? [];
                var args = new FindExecutives.Args(
                    chosen.Length == 0 ? null : chosen, run.Args.GetValue(most), run.Args.GetValue(least));
                return LongJob.Run(run, FindExecutives.Name, args, "Companies", cancel);
            });
    }
}
