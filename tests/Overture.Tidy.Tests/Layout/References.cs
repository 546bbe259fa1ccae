using System.Text.RegularExpressions;

namespace Overture.Tidy.Tests.Layout;

/// <summary>Who may know whom: leaves know nobody, Core knows no HTTP server, nothing points back.</summary>
public static partial class References
{
    static readonly string[] Leaves =
        ["Overture.Mail", "Overture.Ranking", "Overture.Providers", "Overture.LinkedIn"];

    static readonly string[] NotHttp =
        ["Microsoft.AspNetCore.DataProtection", "Microsoft.AspNetCore.Cryptography"];

    public static IEnumerable<string> OfLeaves(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".csproj") && Leaves.Any(leaf => file.Name == leaf + ".csproj")
        where file.Text.Contains("<ProjectReference", StringComparison.Ordinal)
            || file.Text.Contains("\"Npgsql\"", StringComparison.Ordinal)
        select $"{file.Path}: a leaf refers to no other project and to no database";

    public static IEnumerable<string> BackwardsInCode(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".cs") && file.IsIn("src")
        let project = file.Path.Split('/')[1]
        from Match match in Using().Matches(file.Text)
        let name = match.Groups["name"].Value
        where IsForbidden(project, name)
        select $"{file.Path}:{file.LineOf(match.Index)}: {project} may not use {name}";

    static bool IsForbidden(string project, string name)
    {
        if (project == "Overture.Server") return false;
        if (IsBelow(name, "Overture.Server")) return true;
        if (Leaves.Contains(project))
            return name.StartsWith("Overture.", StringComparison.Ordinal) && !IsBelow(name, project);
        return project == "Overture.Core" && IsBelow(name, "Microsoft.AspNetCore")
            && !NotHttp.Any(allowed => IsBelow(name, allowed));
    }

    static bool IsBelow(string name, string parent) =>
        name == parent || name.StartsWith(parent + ".", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^\s*(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?(?<name>[\w.]+)\s*;",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Using();
}
