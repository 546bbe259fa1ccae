using System.Globalization;
using System.Text;

namespace Overture.Ranking;

/// <summary>
/// Text made comparable: lower case, no diacritics, compatibility letters unified (𝗖𝗘𝗢 is ceo), every
/// run of anything that is not part of a word replaced by one blank, one blank in front and one behind.
/// So " ceo" found in the folded text is always the start of a word.
/// </summary>
static class FoldedText
{
    /// <summary>
    /// Longer texts are cut here, so that a hostile profile costs no more than a long honest one.
    /// </summary>
    const int MaxCharacters = 200_000;

    public static string Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return " ";
        if (text.Length > MaxCharacters) text = text[..MaxCharacters];
        var plain = Ascii.IsValid(text) ? text : WellFormed(text).Normalize(NormalizationForm.FormKD);
        var folded = new StringBuilder(plain.Length + 2).Append(' ');
        for (var i = 0; i < plain.Length; i++)
        {
            var letter = plain[i];
            if (char.IsAsciiLetterOrDigit(letter) || IsJoinedSign(plain, i))
                folded.Append(char.ToLowerInvariant(letter));
            else if (letter > '\x7f' && IsMark(letter)) continue;
            else if (letter > '\x7f' && char.IsLetterOrDigit(letter)) AppendLetter(folded, letter);
            else if (letter > '\x7f' && char.IsSurrogate(letter)) folded.Append(letter);
            else if (folded[^1] != ' ') folded.Append(' ');
        }

        if (folded[^1] != ' ') folded.Append(' ');
        return folded.ToString();
    }

    /// <summary>The folded words of a text, in order.</summary>
    public static string[] Words(string? text) =>
        Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>C++ and C# and .NET are words of their own; elsewhere these signs part words.</summary>
    static bool IsJoinedSign(string text, int at) => text[at] switch
    {
        '+' or '#' => at > 0 && (char.IsAsciiLetter(text[at - 1]) || text[at - 1] == '+'),
        '.' => (at == 0 || text[at - 1] == ' ') && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]),
        _ => false,
    };

    static bool IsMark(char letter) =>
        CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format;

    static void AppendLetter(StringBuilder folded, char letter)
    {
        // These letters have no decomposition in Unicode although readers see a mark on a plain letter.
        switch (char.ToLowerInvariant(letter))
        {
            case 'ß': folded.Append("ss"); break;
            case 'æ': folded.Append("ae"); break;
            case 'œ': folded.Append("oe"); break;
            case 'ø': folded.Append('o'); break;
            case 'ł': folded.Append('l'); break;
            case 'đ' or 'ð': folded.Append('d'); break;
            case 'þ': folded.Append("th"); break;
            case 'ı': folded.Append('i'); break;
            case var other: folded.Append(other); break;
        }
    }

    /// <summary>
    /// Normalize refuses lone surrogates, which runes replace, and code points that are no characters.
    /// </summary>
    static string WellFormed(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isNoCharacter = (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;
            clean.Append(isNoCharacter ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }
}
