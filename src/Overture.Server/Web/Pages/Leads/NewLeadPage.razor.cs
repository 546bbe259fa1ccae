using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class NewLeadPage(PageState state, AddLead add, NavigationManager navigation)
    : LoadedPage(state)
{
    protected override Task Load() => Task.CompletedTask;

    async Task Save()
    {
        var contact = new Contact
        {
            FullName = Form("full_name"), Title = Blank("title"), Email = Blank("email"),
            LinkedInUrl = Blank("linkedin_url"), Country = Blank("country"),
        };
        var company = Blank("company_name") is { } name
            ? new Company { Name = name, Website = Blank("website"), Industry = Blank("industry"),
                Country = Blank("country") }
            : null;
        IntakeResult? result = null;
        if (!await Try(async () => result = await add.Run(WorkspaceId, contact, company, Cancel))) return;
        Notice.Say(State.Http, result!.Lead == IntakeEffect.Added
            ? $"{contact.FullName.Trim()} is a lead now."
            : $"{contact.FullName.Trim()} was known already; what was missing is filled in.");
        navigation.NavigateTo(result.LeadId is { } id ? $"/leads/{id}" : "/leads");
    }

    string? Blank(string name) => Form(name).Trim() is { Length: > 0 } text ? text : null;
}
