namespace Overture.Ranking;

/// <summary>Levels of responsibility, lowest first, so that a higher value is a more senior person.</summary>
public enum Seniority
{
    /// <summary>The title is missing or says nothing about a level.</summary>
    Unknown,

    /// <summary>Interns, trainees, students.</summary>
    Intern,

    /// <summary>Assistants and secretaries, whoever they assist.</summary>
    Assistant,

    /// <summary>Specialists without a mark of rank.</summary>
    Staff,

    /// <summary>Senior, lead and principal specialists.</summary>
    Senior,

    /// <summary>Managers and team leads.</summary>
    Manager,

    /// <summary>Directors.</summary>
    Director,

    /// <summary>Heads of a function.</summary>
    Head,

    /// <summary>Vice presidents.</summary>
    Vp,

    /// <summary>Chief officers, managing directors, presidents.</summary>
    CLevel,

    /// <summary>Founders, owners and partners.</summary>
    Founder,
}

/// <summary>
/// What a job title says: its level and its departments, most specific first. Understands English, German,
/// French, Spanish, Italian, Dutch, Portuguese, Swedish and Polish titles. Words count, not letters: a
/// director is no CTO; and the person counts, not whom they serve: an assistant to the CEO is an assistant.
/// </summary>
public sealed record JobTitle(Seniority Level, IReadOnlyList<string> Departments)
{
    /// <summary>Longer titles are cut here.</summary>
    const int MaxTitleCharacters = 300;

    static readonly JobTitle Nothing = new(Seniority.Unknown, []);

    /// <summary>Reads a title; null, blank or senseless text gives Unknown and no departments.</summary>
    public static JobTitle Parse(string? title)
    {
        if (string.IsNullOrWhiteSpace(title)) return Nothing;
        var level = Seniority.Unknown;
        List<string> departments = [];
        foreach (var part in Parts(title.Length > MaxTitleCharacters ? title[..MaxTitleCharacters] : title))
        {
            var found = LevelOf(part, out var isServing, out var end);
            if (found > level) level = found;
            AddDepartments(part[..end], departments);
            // Whoever serves somebody may list more people behind commas: they are all somebody else.
            if (isServing && found is Seniority.Assistant or Seniority.Intern) break;
        }

        if (level == Seniority.Unknown && departments.Count > 0) level = Seniority.Staff;
        return new JobTitle(level, departments);
    }

    /// <summary>The level in words: "C-level", "VP".</summary>
    public static string NameOf(Seniority level) => level switch
    {
        Seniority.CLevel => "C-level",
        Seniority.Vp => "VP",
        _ => level.ToString().ToLowerInvariant(),
    };

    /// <summary>A title may list several jobs; what follows "at" is the employer and is no title.</summary>
    static IEnumerable<string[]> Parts(string title)
    {
        foreach (var part in title.Split(['|', '/', ',', ';', '•', '·', '&', '–', '—', '\n', '(', ')']))
        {
            foreach (var piece in part.Split(" - "))
            {
                var words = FoldedText.Words(piece.Split('@')[0]);
                var end = Array.FindIndex(words, TitleWords.IsEmployerMark);
                if (end > 0) words = words[..end];
                var start = 0;
                for (var i = 0; i <= words.Length; i++)
                {
                    if (i < words.Length && !TitleWords.IsAnd(words[i])) continue;
                    if (i > start) yield return words[start..i];
                    start = i + 1;
                }
            }
        }
    }

    /// <summary>
    /// The level of one job. A lowering word (assistant, intern) decides for the whole job. What follows a
    /// serving word ("to the", "office of", "former") is another person or another time and is left out.
    /// </summary>
    static Seniority LevelOf(string[] words, out bool isServing, out int end)
    {
        (isServing, end) = (false, words.Length);
        var best = Seniority.Unknown;
        for (var i = 0; i < words.Length;)
        {
            var (entry, length) = TitleWords.LongestAt(words, i);
            i += length;
            if (entry is null) continue;
            if (entry.Kind == TitleWordKind.Past) end = i - length;
            if (entry.Kind is TitleWordKind.Past or TitleWordKind.Serving)
            {
                isServing = entry.Kind == TitleWordKind.Serving;
                break;
            }

            if (entry.Kind == TitleWordKind.Whole && words.Length != length) continue;
            if (entry.Level is Seniority.Assistant or Seniority.Intern)
            {
                isServing = i < words.Length;
                return entry.Level;
            }

            if (entry.Level > best) best = entry.Level;
        }

        return best;
    }

    static void AddDepartments(string[] words, List<string> departments)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var department = TitleWords.DepartmentAt(words, i);
            if (department is not null && !departments.Contains(department)) departments.Add(department);
        }
    }
}
