using System.Globalization;
using System.Text;

namespace Overture.Core.Model;

/// <summary>Brings two spellings of one company's name to the same form.</summary>
public static class CompanyName
{
    const int MaxMatchedWords = 12;

    static readonly HashSet<string> LegalForms = new(StringComparer.Ordinal)
    {
        "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd", "limited",
        "plc", "pbc", "gmbh", "ag", "kg", "ug", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab",
        "as", "oy", "aps", "pty", "pte", "kk", "sl", "slu", "sp", "zoo",
    };

    /// <summary>
    /// Lower case, no accents, no punctuation, no legal form at the end; never empty for a name with letters.
    /// </summary>
    public static string ForMatching(string name)
    {
        var words = Fold(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MaxMatchedWords)
            .ToList();
        while (words.Count > 1 && LegalForms.Contains(words[^1])) words.RemoveAt(words.Count - 1);
        return words.Count > 0 ? string.Join(' ', words) : name.Trim().ToLowerInvariant();
    }

    static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var letter in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(letter)) folded.Append(char.ToLowerInvariant(letter));
            else if (letter is '.' or '\'' or '’') continue;
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark) continue;
            else folded.Append(' ');
        }

        return folded.ToString();
    }
}
