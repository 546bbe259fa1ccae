namespace Overture.Mail.Inbound;

/// <summary>
/// The field groups of a machine-readable report: delivery status (RFC 3464) or feedback (RFC 5965).
/// </summary>
static class ReportFields
{
    const int MaxGroups = 500;
    const int MaxValueCharacters = 4_000;

    /// <summary>
    /// Splits text into groups of fields. A blank line ends a group, and so does a second recipient in
    /// one, which broken reports have. Lines that are no field are passed over.
    /// </summary>
    public static List<Dictionary<string, string>> Read(string text)
    {
        var groups = new List<Dictionary<string, string>>();
        var group = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Trim().IsEmpty)
            {
                Close(groups, ref group);
                last = null;
            }
            else if (line[0] is ' ' or '\t' && last is not null) Extend(group, last, line);
            else last = Take(groups, ref group, line);
            if (groups.Count >= MaxGroups) break;
        }

        Close(groups, ref group);
        return groups;
    }

    /// <summary>The value behind the type, as in <c>rfc822; ann@example.com</c>.</summary>
    public static string Untyped(string value)
    {
        var semicolon = value.IndexOf(';');
        return (semicolon < 0 ? value : value[(semicolon + 1)..]).Trim();
    }

    static void Extend(Dictionary<string, string> group, string name, ReadOnlySpan<char> line)
    {
        if (group[name].Length < MaxValueCharacters) group[name] = $"{group[name]} {line.Trim()}";
    }

    static string? Take(
        List<Dictionary<string, string>> groups, ref Dictionary<string, string> group,
        ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        if (colon <= 0 || line[..colon].IndexOfAny(" \t<>@") >= 0) return null;
        var name = line[..colon].ToString();
        if (IsRecipient(name) && group.ContainsKey(name)) Close(groups, ref group);
        if (!group.TryAdd(name, line[(colon + 1)..].Trim().ToString())) return null;
        return name;
    }

    static bool IsRecipient(string name) =>
        name.Equals("Final-Recipient", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Original-Recipient", StringComparison.OrdinalIgnoreCase);

    static void Close(List<Dictionary<string, string>> groups, ref Dictionary<string, string> group)
    {
        if (group.Count == 0) return;
        groups.Add(group);
        group = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
    }
}
