using Overture.Core.Model;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>The link that makes the first owner, as the operator reads it.</summary>
public static class SetupLink
{
    public static string For(OvertureOptions options, string token) =>
        $"{options.PublicAddress}/setup?token={token}";

    public static string Sentence(string link) =>
        $"Open {link}\n(works once, within {SetupClaims.LinkLife.TotalHours} hours; "
        + "lost it: overture setup-link)";
}
