using System.CommandLine;
using Overture.Core.Model;
using Overture.Mail.Dns;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CheckDomainCommand
{
    public static Command Build(CliHost host)
    {
        var domain = new Argument<string>("domain") { Description = "The domain of the From address." };
        var selectors = new Option<string[]>("--selector")
        {
            Description = "A DKIM selector in use; may be repeated. Without it the usual ones are tried.",
        };
        var dns = MailDns.File();
        return host.Verb(
            "check-domain", "Check what receivers demand of a sending domain: SPF, DKIM, DMARC and MX.",
            [domain, selectors, dns],
            async (run, cancel) =>
            {
                var name = Name(run.Args.GetValue(domain)!);
                var setup = new SenderSetup { Selectors = run.Args.GetValue(selectors) ?? [] };
                var source = MailDns.Source(run.Args.GetValue(dns), mayAskNetwork: true)!;
                var findings = await SenderDomainCheck.Check(name, setup, source, cancel);
                if (run.Out.IsJson) run.Out.Data(new { domain = name, findings });
                else foreach (var finding in findings) Show(finding);
                return findings.Any(finding => finding.State == FindingState.Fail) ? ExitCode.Error
                    : findings.Any(finding => finding.State == FindingState.Unknown) ? ExitCode.Partial
                    : ExitCode.Ok;
            });
    }

    static string Name(string given)
    {
        var name = given[(given.LastIndexOf('@') + 1)..].Trim().TrimEnd('.').ToLowerInvariant();
        return Uri.CheckHostName(name) == UriHostNameType.Dns && name.Contains('.', StringComparison.Ordinal)
            ? name
            : throw new RuleBroken(
                "bad_domain", $"“{given}” is not a domain, such as example.com.", "domain");
    }

    static void Show(DomainFinding finding)
    {
        Console.Out.WriteLine(
            $"{finding.State.ToString().ToUpperInvariant(),-8} {finding.Check,-6} {finding.Sentence}");
        if (finding.Seen is { } seen) Console.Out.WriteLine($"{"",-15} now:  {seen}");
        if (finding.Paste is { } paste)
            Console.Out.WriteLine($"{"",-15} set:  {paste.Name}  {paste.Type}  {paste.Value}");
    }
}
