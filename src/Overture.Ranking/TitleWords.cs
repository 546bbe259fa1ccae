using System.Collections.Frozen;

namespace Overture.Ranking;

enum TitleWordKind
{
    /// <summary>Names a level.</summary>
    Level,

    /// <summary>Names a level only when it is the whole job ("Partner").</summary>
    Whole,

    /// <summary>What follows is whom the person serves.</summary>
    Serving,

    /// <summary>What follows is over, or not yet true.</summary>
    Past,
}

sealed record TitleWord(TitleWordKind Kind, Seniority Level);

/// <summary>The table of title words, read from TitleWords.txt; its first lines explain the format.</summary>
static class TitleWords
{
    const int MaxPhraseWords = 5;

    /// <summary>
    /// A compound's end counts only behind at least this many letters ("chef" alone is a cook).
    /// </summary>
    const int MinCompoundHead = 3;

    static readonly Dictionary<string, TitleWord> phrases = [];
    static readonly List<(string Ending, TitleWord Word)> endings = [];
    static readonly Dictionary<string, string> departments = [];
    static readonly List<(string Start, string Department)> departmentStarts = [];
    static readonly FrozenSet<string> ands, employerMarks;

    static TitleWords()
    {
        var lists = new Dictionary<string, List<string>> { ["and"] = [], ["employer"] = [] };
        using var stream = typeof(TitleWords)
            .Assembly.GetManifestResourceStream("Overture.Ranking.TitleWords.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var (head, words) = (line[..line.IndexOf('=')].Trim(), line[(line.IndexOf('=') + 1)..]);
            foreach (var word in words.Split(',', StringSplitOptions.TrimEntries))
            {
                if (lists.TryGetValue(head, out var list)) list.Add(Fold(word));
                else if (head.StartsWith("department ", StringComparison.Ordinal)) AddDepartment(head[11..],
                    word);
                else AddLevel(head, word);
            }
        }

        departmentStarts.Sort((a, b) => b.Start.Length.CompareTo(a.Start.Length));
        ands = lists["and"].ToFrozenSet();
        employerMarks = lists["employer"].ToFrozenSet();
    }

    public static bool IsAnd(string word) => ands.Contains(word);

    public static bool IsEmployerMark(string word) => employerMarks.Contains(word);

    /// <summary>The longest phrase of the table that starts at a word, and how many words to go on.</summary>
    public static (TitleWord? Word, int Length) LongestAt(string[] words, int at)
    {
        for (var length = Math.Min(MaxPhraseWords, words.Length - at); length > 0; length--)
        {
            var phrase = length == 1 ? words[at] : string.Join(' ', words, at, length);
            if (phrases.TryGetValue(phrase, out var word)) return (word, length);
        }

        foreach (var (ending, word) in endings)
        {
            if (words[at].Length >= ending.Length + MinCompoundHead
                && words[at].EndsWith(ending, StringComparison.Ordinal)) return (word, 1);
        }

        return (null, 1);
    }

    /// <summary>The department that the words at a place name; null when none.</summary>
    public static string? DepartmentAt(string[] words, int at)
    {
        for (var length = Math.Min(MaxPhraseWords, words.Length - at); length > 0; length--)
        {
            var phrase = length == 1 ? words[at] : string.Join(' ', words, at, length);
            if (departments.TryGetValue(phrase, out var department)) return department;
        }

        foreach (var (start, department) in departmentStarts)
            if (words[at].StartsWith(start, StringComparison.Ordinal)) return department;
        return null;
    }

    static void AddDepartment(string name, string word)
    {
        if (word.EndsWith('*')) departmentStarts.Add((Fold(word), name));
        else departments[Fold(word)] = name;
    }

    static void AddLevel(string head, string word)
    {
        var kind = head switch
        {
            "serving" => TitleWordKind.Serving,
            "past" => TitleWordKind.Past,
            _ when word.EndsWith('!') => TitleWordKind.Whole,
            _ => TitleWordKind.Level,
        };
        var level = kind is TitleWordKind.Serving or TitleWordKind.Past ? Seniority.Unknown
            : LevelNamed(head);
        var entry = new TitleWord(kind, level);
        if (word.StartsWith('*')) endings.Add((Fold(word), entry));
        else phrases[Fold(word)] = entry;
    }

    static Seniority LevelNamed(string name) =>
        name == "c_level" ? Seniority.CLevel : Enum.Parse<Seniority>(name, ignoreCase: true);

    static string Fold(string word) => FoldedText.Of(word.Trim('*', '!')).Trim();
}
