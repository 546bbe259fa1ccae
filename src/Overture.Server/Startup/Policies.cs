using Microsoft.AspNetCore.Authorization;
using Overture.Core.Model;

namespace Overture.Server.Startup;

/// <summary>
/// The policies endpoints name. Who names none is for signed-in people only; what is for everybody says so
/// with AllowAnonymous.
/// </summary>
public static class Policies
{
    public const string Viewer = "viewer";
    public const string Member = "member";
    public const string Admin = "admin";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Viewer, policy => policy.AddRequirements(new AtLeast(Role.Viewer)));
        options.AddPolicy(Member, policy => policy.AddRequirements(new AtLeast(Role.Member)));
        options.AddPolicy(Admin, policy => policy.AddRequirements(new AtLeast(Role.Admin)));
        options.FallbackPolicy = options.DefaultPolicy = options.GetPolicy(Viewer)!;
    }

    sealed class AtLeast(Role role) : AuthorizationHandler<AtLeast>, IAuthorizationRequirement
    {
        protected override Task HandleRequirementAsync(
            AuthorizationHandlerContext context, AtLeast requirement)
        {
            var claim = context.User.FindFirst(SignInSchemes.RoleClaim)?.Value;
            if (Enum.TryParse<Role>(claim, out var has) && has >= role) context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }
}
