using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Takes in a lead that somebody typed.</summary>
public sealed class AddLead(Database database, Intake intake)
{
    public const string Source = "manual";

    public Task<IntakeResult> Run(
        long workspaceId, Contact contact, Company? company, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(contact.FullName))
            throw new RuleBroken("name_missing", "Give the person a name.", "full_name");
        if (contact.Email is { Length: > 0 } email
            && !Overture.Mail.EmailAddress.TryParse(email, out _, out var wrong))
            throw new RuleBroken("bad_address", $"'{email}' is not an e-mail address: {wrong}", "email");
        var lead = new CollectedLead
        {
            Source = Source,
            Contact = contact with { FullName = contact.FullName.Trim(), Email = Blank(contact.Email) },
            Company = company is null ? null : company with { Domain = WebDomain.Of(company.Website) },
        };
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var result = await intake.Take(session, lead, DuplicateRule.FillBlanks, cancel);
                await session.Announce("leads", result.LeadId ?? 0, cancel);
                return result;
            },
            cancel);
    }

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
