using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class AddLeadCommand
{
    public static Command Build(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The person's full name." };
        var title = Text("--title", "What the person does.");
        var email = Text("--email", "The person's address.");
        var linkedIn = Text("--linkedin-url", "The person's LinkedIn profile.");
        var company = Text("--company-name", "Where the person works.");
        var website = Text("--website", "The company's website; its domain tells companies apart.");
        var industry = Text("--industry", "The company's industry.");
        var country = Text("--country", "Where the person and the company are.");
        return host.Verb(
            "add", "Add a person by hand; who is known already is not added twice.",
            [name, title, email, linkedIn, company, website, industry, country],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var contact = new Contact
                {
                    FullName = run.Args.GetValue(name)!, Title = run.Args.GetValue(title),
                    Email = run.Args.GetValue(email), LinkedInUrl = run.Args.GetValue(linkedIn),
                    Country = run.Args.GetValue(country),
                };
                var employer = run.Args.GetValue(company) is not { } known || string.IsNullOrWhiteSpace(known)
                    ? null
                    : new Company
                    {
                        Name = known.Trim(), Website = run.Args.GetValue(website),
                        Industry = run.Args.GetValue(industry), Country = run.Args.GetValue(country),
                    };
                var result = await (await run.Get<AddLead>(cancel))
                    .Run(workspace.Id, contact, employer, cancel);
                run.Out.Show(result, [.. Lines(result)]);
                return ExitCode.Ok;
            });
    }

    static IEnumerable<string> Lines(IntakeResult result)
    {
        yield return result.Lead == IntakeEffect.Added
            ? $"Lead {result.LeadId} is added."
            : $"Lead {result.LeadId} is this person already; what was unknown of them is filled in.";
        if (result.Suppression is { } reason)
            yield return $"They are suppressed and not written to: {reason}.";
    }

    static Option<string?> Text(string name, string description) =>
        new(name) { Description = description };
}
