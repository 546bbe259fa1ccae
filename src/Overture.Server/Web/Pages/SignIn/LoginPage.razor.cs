using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

public sealed partial class LoginPage(
    SignIns signIns, IHttpContextAccessor http, NavigationManager navigation)
{
    [SupplyParameterFromQuery(Name = "back")]
    string? Back { get; set; }

    [SupplyParameterFromForm(Name = "email", FormName = "login")]
    string? Email { get; set; }

    [SupplyParameterFromForm(Name = "password", FormName = "login")]
    string? Password { get; set; }

    RuleBroken? Broken { get; set; }

    async Task SignIn()
    {
        var context = http.HttpContext!;
        try
        {
            var token = await signIns.SignIn(Email ?? "", Password ?? "", context.RequestAborted);
            // A token from before this sign-in must not live on beside the new one.
            await signIns.SignOut(SessionCookie.Read(context.Request), context.RequestAborted);
            SessionCookie.Write(context, token);
        }
        catch (RuleBroken broken)
        {
            Broken = broken;
            context.Response.StatusCode = Trouble.From(broken).Http;
            return;
        }

        navigation.NavigateTo(Actions.LocalPath(Back));
    }
}
