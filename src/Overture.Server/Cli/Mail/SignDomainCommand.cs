using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class SignDomainCommand
{
    public static Command Build(CliHost host)
    {
        var domain = new Argument<string>("domain") { Description = "The domain that mail is sent from." };
        var selector = new Option<string>("--selector")
        {
            Description = "The key's name in DNS.", DefaultValueFactory = _ => "overture",
        };
        var key = new Option<FileInfo?>("--key")
        {
            Description = "A private key in PEM; without it one is made.",
        };
        return host.Verb(
            "sign", "Sign what leaves from a domain (DKIM), and print the DNS record others check it with.",
            [domain, selector, key],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var pem = run.Args.GetValue(key) is { } file
                    ? await File.ReadAllTextAsync(file.FullName, cancel) : null;
                var kept = await (await run.Get<DomainKeys>(cancel)).Put(
                    workspace.Id, run.Args.GetValue(domain)!, run.Args.GetValue(selector)!, pem, cancel);
                run.Out.Show(
                    new { kept.Domain, kept.Selector, name = kept.RecordName, type = "TXT", kept.Record },
                    $"Mail from {kept.Domain} is signed from now on. Enter this TXT record in its DNS:\n"
                    + $"{kept.RecordName}\n{kept.Record}");
                return ExitCode.Ok;
            });
    }
}
