using System.Collections.Frozen;

namespace Overture.Core.Model;

/// <summary>
/// Long enough and not among the first an attacker tries; no demands on kinds of characters.
/// </summary>
public static class PasswordRules
{
    public const int ShortestLength = 12;
    public const int LongestLength = 256;
    const int FewestDifferentCharacters = 5;
    const int ShortestTellingPart = 4;

    static readonly FrozenSet<string> Common = Load();

    /// <summary>Throws <see cref="RuleBroken"/> with the reason when the password may not be used.</summary>
    public static void Check(string password, string email, string name)
    {
        if (password.Length < ShortestLength)
            throw Refused("password_short", $"The password needs at least {ShortestLength} characters.");
        if (password.Length > LongestLength)
            throw Refused("password_long", $"The password may have at most {LongestLength} characters.");
        if (password.Distinct().Count() < FewestDifferentCharacters)
            throw Refused(
                "password_common", "The password repeats a few characters. Use a sentence of your own.");
        if (IsCommon(password))
            throw Refused("password_common",
                "The password is one of the most common ones. Use a sentence of your own.");
        if (Tells(password, email) || Tells(password, name))
            throw Refused(
                "password_personal", "The password holds your name or e-mail address. Leave them out.");
    }

    // "Password1234!" is "password" to whoever guesses: what is added at the ends does not count.
    static bool IsCommon(string password)
    {
        var word = password.ToLowerInvariant();
        var core = word.TrimEnd(Added).TrimStart(Added);
        return Common.Contains(word) || Common.Contains(core) || IsRepeated(word)
            || core.Length < ShortestTellingPart
            && !word.Any(char.IsWhiteSpace);
    }

    static readonly char[] Added = [.. "0123456789!?.,;:-_+*#$%&/()=@ "];

    static bool IsRepeated(string word)
    {
        for (var length = 1; length <= word.Length / 2; length++)
        {
            if (word.Length % length != 0) continue;
            var part = word[..length];
            if (string.Concat(Enumerable.Repeat(part, word.Length / length)) == word
                && (length < ShortestTellingPart || Common.Contains(part)))
                return true;
        }

        return false;
    }

    static bool Tells(string password, string about) =>
        about.Split(' ', '@', '.').Any(part =>
            part.Length >= ShortestTellingPart
            && part.Length * 2 >= password.Trim(Added).Length
            && password.Contains(part, StringComparison.OrdinalIgnoreCase));

    static RuleBroken Refused(string code, string sentence) => new(code, sentence, "password");

    static FrozenSet<string> Load()
    {
        using var reader = new StreamReader(
            typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    }
}
