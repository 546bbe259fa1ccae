namespace Overture.Mail;

/// <summary>Message identifiers (RFC 5322 section 3.6.4), without their angle brackets.</summary>
static class MessageIds
{
    const int MaxIds = 1_000;

    /// <summary>The first identifier of a Message-ID or Content-ID field; null when there is none.</summary>
    public static string? First(string? fieldValue) => All(fieldValue) is [var first, ..] ? first : null;

    /// <summary>
    /// The identifiers of In-Reply-To or References. Where no angle brackets are, words with an @ count, and
    /// a
    /// field of one word counts whole.
    /// </summary>
    public static IReadOnlyList<string> All(string? fieldValue)
    {
        if (string.IsNullOrWhiteSpace(fieldValue)) return [];
        var ids = new List<string>();
        var rest = fieldValue.AsSpan();
        while (ids.Count < MaxIds && rest.IndexOf('<') is var open and >= 0)
        {
            rest = rest[(open + 1)..].TrimStart('<');
            var close = rest.IndexOfAny('>', '<');
            var id = close < 0 ? rest : rest[..close];
            Add(ids, id);
            rest = close < 0 ? default : rest[close..];
        }

        return ids.Count > 0 ? ids : Bare(fieldValue);
    }

    static List<string> Bare(string value)
    {
        var words = value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        var ids = words.Where(word => word.Contains('@')).Take(MaxIds).ToList();
        return ids.Count == 0 && words.Length == 1 ? [words[0]] : ids;
    }

    /// <summary>Folds that broke an identifier apart are taken out.</summary>
    static void Add(List<string> ids, ReadOnlySpan<char> id)
    {
        id = id.Trim();
        if (id.IsEmpty) return;
        ids.Add(id.ContainsAny(' ', '\t') ? id.ToString().Replace(" ", "").Replace("\t", "") : id.ToString());
    }
}
