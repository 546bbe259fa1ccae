using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>The first run: whoever holds the printed link becomes the owner.</summary>
public sealed partial class SetupPage(
    SetupClaims claims, IHttpContextAccessor http, NavigationManager navigation)
{
    const string DefaultZone = "Europe/Vienna";

    [SupplyParameterFromQuery(Name = "token")]
    string? QueryToken { get; set; }

    [SupplyParameterFromForm(Name = "token", FormName = "setup")]
    string? FormToken { get; set; }

    [SupplyParameterFromForm(Name = "name", FormName = "setup")]
    string? Name { get; set; }

    [SupplyParameterFromForm(Name = "email", FormName = "setup")]
    string? Email { get; set; }

    [SupplyParameterFromForm(Name = "password", FormName = "setup")]
    string? Password { get; set; }

    [SupplyParameterFromForm(Name = "workspace_name", FormName = "setup")]
    string? WorkspaceName { get; set; }

    [SupplyParameterFromForm(Name = "time_zone", FormName = "setup")]
    string? TimeZone { get; set; }

    bool IsClaimed { get; set; }

    bool IsLinkOpen { get; set; }

    RuleBroken? Broken { get; set; }

    string? Token => FormToken ?? QueryToken;

    Owner Form => new(Name ?? "", Email ?? "", Password ?? "", WorkspaceName ?? "", TimeZone ?? DefaultZone);

    protected override async Task OnInitializedAsync()
    {
        var cancel = http.HttpContext!.RequestAborted;
        // The address holds the link's secret; it must not travel to anywhere as a referrer.
        http.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
        IsClaimed = await claims.IsClaimed(cancel);
        IsLinkOpen = !IsClaimed && await claims.IsOpen(Token, cancel);
    }

    async Task Claim()
    {
        try
        {
            var token = await claims.Claim(Token, Form, http.HttpContext!.RequestAborted);
            SessionCookie.Write(http.HttpContext, token);
        }
        catch (RuleBroken broken)
        {
            Broken = broken;
            http.HttpContext!.Response.StatusCode = Trouble.From(broken).Http;
            return;
        }

        Notice.Say(http.HttpContext, "Welcome. Your workspace is ready.");
        navigation.NavigateTo("/");
    }
}
