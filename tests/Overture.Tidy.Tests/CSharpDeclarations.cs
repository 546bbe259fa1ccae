using System.Text.RegularExpressions;

namespace Overture.Tidy.Tests;

/// <summary>A type or a member as it stands in a file; lines are counted from one.</summary>
public sealed record Declaration(bool IsType, string Name, int FirstLine, int LastLine)
{
    public int LineCount => LastLine - FirstLine + 1;
}

/// <summary>Finds types and the members with a body, by counting braces.</summary>
public static partial class CSharpDeclarations
{
    public static IReadOnlyList<Declaration> In(SourceFile file)
    {
        var code = new CSharpText(file.Text).Code;
        var found = new List<Declaration>();
        var open = new Stack<(string Header, int Start, bool IsType)>();
        var start = 0;
        for (var at = 0; at < code.Length; at++)
        {
            if (code[at] is not ('{' or '}' or ';')) continue;
            var header = code[start..at];
            var first = start + Attributes().Match(header).Length;
            while (char.IsWhiteSpace(code[first])) first++;
            var insideType = open.Count == 0 || open.Peek().IsType;
            if (code[at] == '{')
            {
                open.Push((header, first, TypeName(header) is not null));
            }
            else if (code[at] == '}' && open.TryPop(out var block))
            {
                insideType = open.Count == 0 || open.Peek().IsType;
                var name = TypeName(block.Header) ?? MemberName(block.Header);
                if (insideType || block.IsType)
                    found.Add(new(block.IsType, name, file.LineOf(block.Start), file.LineOf(at)));
            }
            else if (code[at] == ';' && insideType && (TypeName(header) is not null || IsArrow(header)))
            {
                var name = TypeName(header);
                var isType = name is not null;
                found.Add(new(isType, name ?? MemberName(header), file.LineOf(first), file.LineOf(at)));
            }

            start = at + 1;
        }

        return found;
    }

    static bool IsArrow(string header) =>
        header.Contains("=>", StringComparison.Ordinal) && header.Contains('(', StringComparison.Ordinal);

    static string? TypeName(string header)
    {
        var bare = Attributes().Replace(header, "");
        var before = bare.IndexOf('(', StringComparison.Ordinal) is >= 0 and var paren ? bare[..paren] : bare;
        return TypeHeader().Match(before) is { Success: true } match ? match.Groups["name"].Value : null;
    }

    static string MemberName(string header) =>
        Member().Match(Attributes().Replace(header, "")) is { Success: true } match
            ? match.Groups["name"].Value
            : "a block";

    [GeneratedRegex(@"^\s*(\[[^\]]*\]\s*)+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Attributes();

    [GeneratedRegex(
        @"^\s*([a-z]+\s+)*(class|struct|interface|enum|record)\s+(struct\s+|class\s+)?(?<name>[A-Z]\w*)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeHeader();

    [GeneratedRegex(
        @"(?<name>\w+)\s*(<[^>(]*>)?\s*(\(|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Member();
}
