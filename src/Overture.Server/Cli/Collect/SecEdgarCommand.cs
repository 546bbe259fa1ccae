using System.CommandLine;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class SecEdgarCommand
{
    public static Command Build(CliHost host)
    {
        var from = new Option<DateOnly>("--from")
        {
            Description = "First day of filing, YYYY-MM-DD.",
            Required = true,
        };
        var to = new Option<DateOnly?>("--to") { Description = "Last day of filing; the first when absent." };
        var skipFunds = new Option<bool>("--skip-funds")
        {
            Description = "Leave out pooled investment funds.",
        };
        return host.Verb(
            "sec-edgar", "Collect Form D filings of the SEC: companies that raise money, and their people.",
            [from, to, skipFunds], (run, cancel) =>
            {
                var first = run.Args.GetValue(from);
                var args = new CollectSecEdgar.Args(
                    first, run.Args.GetValue(to) ?? first, run.Args.GetValue(skipFunds));
                return LongJob.Run(run, CollectSecEdgar.Name, args, "Form D filings", cancel);
            });
    }
}
