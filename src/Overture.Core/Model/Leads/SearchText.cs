using System.Text;

namespace Overture.Core.Model;

/// <summary>
/// The words under which a lead is found. The migration's fold_text, search_words and lead_facets do the same
/// in SQL, for everything that does not come by the thousand; a test compares the two.
/// </summary>
static class SearchText
{
    /// <summary>Stands between the words of one lead on their way to the database.</summary>
    const char Separator = '\u001F';

    const int MaxNameCharacters = 300;
    const int MaxAddressCharacters = 320;

    /// <summary>Small letters without accents.</summary>
    public static string Fold(string text)
    {
        var lower = ContactKey.Lower(text);
        if (Ascii.IsValid(lower)) return lower;
        var folded = new StringBuilder(lower.Length);
        foreach (var letter in lower.Normalize(NormalizationForm.FormD))
            if (letter is < '\u0300' or > '\u036F') folded.Append(letter);
        return folded.ToString();
    }

    /// <summary>What a name is sorted by.</summary>
    public static string? Key(string? name) => name is null ? null : Cut(Fold(name), MaxNameCharacters);

    /// <summary>All words and facets of a lead, with a separator between each two.</summary>
    public static string Words(Contact contact, Company? company, string source)
    {
        var words = new StringBuilder();
        AddWords(words, contact.FullName);
        AddWords(words, Cut(contact.Title, MaxNameCharacters));
        AddWords(words, Cut(contact.Email, MaxAddressCharacters));
        AddWords(words, company?.Name);
        AddFacet(words, "industry=", Cut(company?.Industry, MaxNameCharacters));
        AddFacet(words, "country=", Cut(contact.Country ?? company?.Country, MaxNameCharacters));
        AddFacet(words, "source=", source);
        AddFacet(words, "email=", contact.Email is null ? "no" : "yes");
        return words.ToString();
    }

    /// <summary>The words of a text that somebody searches for.</summary>
    public static IReadOnlyList<string> WordsOf(string text)
    {
        var words = new StringBuilder();
        AddWords(words, text);
        return words.ToString().Split(Separator, StringSplitOptions.RemoveEmptyEntries);
    }

    static void AddWords(StringBuilder words, string? text)
    {
        if (text is null) return;
        var isInWord = false;
        foreach (var letter in Fold(text))
        {
            if (char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter))
            {
                isInWord = false;
                continue;
            }

            if (!isInWord && words.Length > 0) words.Append(Separator);
            isInWord = true;
            words.Append(letter);
        }
    }

    static void AddFacet(StringBuilder words, string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        if (words.Length > 0) words.Append(Separator);
        words.Append(name).Append(value.Replace(Separator, ' '));
    }

    // The database counts letters, not halves of them.
    static string? Cut(string? text, int most)
    {
        if (text is null || text.Length <= most) return text;
        var runes = text.EnumerateRunes().Take(most);
        return string.Concat(runes.Select(rune => rune.ToString()));
    }
}
