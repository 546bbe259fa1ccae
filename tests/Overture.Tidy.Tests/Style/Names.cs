using System.Text.RegularExpressions;

namespace Overture.Tidy.Tests.Style;

/// <summary>Words that say nothing, or that another word of the glossary has replaced.</summary>
public static partial class Names
{
    static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Base", "Impl", "Service",
        "Services", "Processor", "Status",
    };

    /// <summary>The exceptions name a type and why it bears the word.</summary>
    public static IEnumerable<string> ForbiddenWords(
        IEnumerable<SourceFile> files, IReadOnlyDictionary<string, string> exceptions)
    {
        foreach (var file in files.Where(file => file.Is(".cs") || file.Is(".razor")))
        {
            var types = file.Is(".cs")
                ? CSharpDeclarations.In(file).Where(found => found.IsType).Select(found => found.Name)
                : [];
            foreach (var name in types.Append(file.Name.Split('.')[0]).Distinct(StringComparer.Ordinal))
            {
                var word = Words().Matches(name).Select(match => match.Value)
                    .FirstOrDefault(Forbidden.Contains);
                if (word is not null && !exceptions.ContainsKey(name))
                    yield return $"{file.Path}: {name} contains \"{word}\"; say what it does";
            }
        }
    }

    /// <summary>A type named like a part of a namespace hides that namespace, or is hidden by it.</summary>
    public static IEnumerable<string> TypesLikeNamespaces(IReadOnlyCollection<SourceFile> files)
    {
        var segments = files.Select(NamespaceOf).OfType<string>()
            .SelectMany(name => name.Split('.')).ToHashSet();
        return from file in files
            where file.Is(".cs")
            from type in CSharpDeclarations.In(file)
            where type.IsType && segments.Contains(type.Name)
            select $"{file.Path}:{type.FirstLine}: type {type.Name} is named like a part of a namespace";
    }

    /// <summary>The namespace is the project, and its first folder if there is one.</summary>
    public static IEnumerable<string> WrongNamespaces(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".cs") && (file.IsIn("src") || file.IsIn("tests"))
        let parts = file.Path.Split('/')
        let expected = parts.Length > 3 ? $"{parts[1]}.{parts[2]}" : parts[1]
        let actual = NamespaceOf(file)
        where actual is not null && actual != expected
        select $"{file.Path}: namespace {actual} should be {expected}";

    static string? NamespaceOf(SourceFile file) =>
        file.Is(".cs") && NamespaceLine().Match(new CSharpText(file.Text).Code) is { Success: true } match
            ? match.Groups["name"].Value
            : null;

    [GeneratedRegex("[A-Z]+(?![a-z0-9])|[A-Z][a-z0-9]*|[a-z0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(
        @"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamespaceLine();
}
