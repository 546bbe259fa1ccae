namespace Overture.Core.Model;

/// <summary>
/// Turns what a person typed into a LIKE pattern in which nothing but the text itself matches.
/// </summary>
static class SearchPattern
{
    public static string? Contains(string? typed) => Escape(typed) is { } text ? $"%{text}%" : null;

    static string? Escape(string? typed) =>
        string.IsNullOrWhiteSpace(typed)
            ? null
            : typed.Trim().Replace(@"\", @"\\", StringComparison.Ordinal)
                .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
