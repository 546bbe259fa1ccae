using System.Globalization;
using System.Text.RegularExpressions;

namespace Overture.Mail.Inbound;

/// <summary>
/// Finds the day an absent person says to be back: "back on 5 May", "zurück am 5.5.", "de retour le 5 mai",
/// "until 2026-05-05", "returning Monday". What is ambiguous is settled by the date of the message.
/// </summary>
static partial class ReturnDate
{
    const int MaxCharacters = 3_000;
    const int MaxGap = 26;
    const int MaxDaysAhead = 400;
    const int MaxDaysBehind = 3;

    static readonly RuleFile File = RuleFile.Read("dates");
    static readonly string[] ReturnLeads = Leads("return");
    static readonly string[] UntilLeads = Leads("until");
    static readonly string[][] Months = [.. File.Entries("month").Select(l => l.Split(' '))];
    static readonly string[][] Weekdays = [.. File.Entries("weekday").Select(l => l.Split(' '))];

    /// <summary>
    /// The day; null when none is given. A message without a date has none to settle against.
    /// </summary>
    public static DateOnly? In(ReceivedEmail mail)
    {
        if (mail.Date is not { } sent) return null;
        var text = $"{mail.Subject}\n{VisibleReply.From(mail.Text ?? "")}";
        return In(text, DateOnly.FromDateTime(sent.DateTime));
    }

    /// <summary>The day given in this text, written on that day.</summary>
    public static DateOnly? In(string text, DateOnly written)
    {
        if (text.Length > MaxCharacters) text = text[..MaxCharacters];
        var lower = text.ToLowerInvariant().Replace('\u00a0', ' ').Replace('\n', ' ');
        var dates = Dates(lower, written);
        return Led(lower, dates, ReturnLeads, written) ?? Led(lower, dates, UntilLeads, written)
            ?? Weekday(lower, written);
    }

    static string[] Leads(string section) => [.. File.Words(section).OrderByDescending(w => w.Length)];

    // The date must follow its lead closely; of several the latest wins, as in "from 1 May to 5 May".
    static DateOnly? Led(string lower, List<(int At, DateOnly Day)> dates, string[] leads, DateOnly written)
    {
        DateOnly? best = null;
        foreach (var (at, day) in dates)
        {
            if (day.DayNumber < written.DayNumber - MaxDaysBehind
                || day.DayNumber > written.DayNumber + MaxDaysAhead)
                continue;
            var before = lower.AsSpan(Math.Max(0, at - MaxGap), Math.Min(at, MaxGap));
            if (HasLead(before, leads) && (best is null || day > best)) best = day;
        }

        return best;
    }

    static bool HasLead(ReadOnlySpan<char> before, string[] leads)
    {
        foreach (var lead in leads)
        {
            var at = before.LastIndexOf(lead, StringComparison.Ordinal);
            if (at < 0 || (at > 0 && char.IsLetter(before[at - 1]) && char.IsLetter(lead[0]))) continue;
            var between = before[(at + lead.Length)..];
            if (between.Length > 0 && char.IsLetter(between[0]) && char.IsLetter(lead[^1])) continue;
            if (between.IndexOfAnyInRange('0', '9') < 0 && between.IndexOfAny('.', ';', '!') < 0
                && CountWords(between) <= 3) return true;
        }

        return false;
    }

    static int CountWords(ReadOnlySpan<char> text)
    {
        var words = 0;
        foreach (var range in text.Split(' ')) words += text[range].IsEmpty ? 0 : 1;
        return words;
    }

    static List<(int At, DateOnly Day)> Dates(string lower, DateOnly written)
    {
        var found = new List<(int, DateOnly)>();
        foreach (Match m in IsoPattern().Matches(lower))
            Add(found, m.Index, Day(Number(m, "year"), Number(m, "month"), Number(m, "day"), written));
        foreach (Match m in EastPattern().Matches(lower))
            Add(found, m.Index, Day(Number(m, "year"), Number(m, "month"), Number(m, "day"), written));
        foreach (Match m in NumberPattern().Matches(lower)) Add(found, m.Index, Numeric(m, written));
        foreach (Match m in DayMonthPattern().Matches(lower))
            Add(found, m.Index, Named(m, written));
        foreach (Match m in MonthDayPattern().Matches(lower))
            Add(found, m.Index, Named(m, written));
        return found;
    }

    static void Add(List<(int, DateOnly)> found, int at, DateOnly? day)
    {
        if (day is { } known) found.Add((at, known));
    }

    static DateOnly? Named(Match match, DateOnly written) =>
        Day(Number(match, "year"), Month(match.Groups["name"].Value), Number(match, "day"), written);

    static int Number(Match match, string group) =>
        match.Groups[group].Success && match.Groups[group].Length > 0
            ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    static int Month(string word)
    {
        if (Weekdays.Any(names => names.Any(n => word.StartsWith(n, StringComparison.Ordinal)))) return 0;
        for (var i = 0; i < Months.Length; i++)
        {
            if (Array.Exists(Months[i], m => word.StartsWith(m, StringComparison.Ordinal))) return i + 1;
        }

        return 0;
    }

    // Dots mean day first; with slashes the reading that lies in the near future wins.
    static DateOnly? Numeric(Match match, DateOnly written)
    {
        var (first, second, year) = (Number(match, "first"), Number(match, "second"), Number(match, "year"));
        var dayFirst = Day(year, second, first, written);
        if (match.Groups["mark"].Value == ".") return dayFirst;
        var monthFirst = Day(year, first, second, written);
        if (dayFirst is null || monthFirst is null) return dayFirst ?? monthFirst;
        var (left, right) = (Ahead(dayFirst.Value, written), Ahead(monthFirst.Value, written));
        return left <= right ? dayFirst : monthFirst;
    }

    static int Ahead(DateOnly day, DateOnly written)
    {
        var ahead = day.DayNumber - written.DayNumber;
        return ahead >= -MaxDaysBehind ? ahead : MaxDaysAhead - ahead;
    }

    static DateOnly? Day(int year, int month, int day, DateOnly written)
    {
        if (month is < 1 or > 12 || day is < 1 or > 31) return null;
        if (year is > 0 and < 100) year += 2000;
        if (year is > 0 and (< 1990 or > 2200)) return null;
        if (year > 0) return Valid(year, month, day);
        var near = Valid(written.Year, month, day);
        if (near is { } thisYear && thisYear.DayNumber >= written.DayNumber - MaxDaysBehind) return near;
        return Valid(written.Year + 1, month, day);
    }

    static DateOnly? Valid(int year, int month, int day) =>
        day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    static DateOnly? Weekday(string lower, DateOnly written)
    {
        for (var i = 0; i < Weekdays.Length; i++)
        {
            foreach (var name in Weekdays[i])
            {
                var at = lower.IndexOf(name, StringComparison.Ordinal);
                if (at < 0 || (at > 0 && char.IsLetter(lower[at - 1]))) continue;
                var before = lower.AsSpan(Math.Max(0, at - MaxGap), Math.Min(at, MaxGap));
                if (!HasLead(before, ReturnLeads) && !HasLead(before, UntilLeads)) continue;
                var days = (i - (int)written.DayOfWeek + 7) % 7;
                return written.AddDays(days == 0 ? 7 : days);
            }
        }

        return null;
    }

    [GeneratedRegex(
        @"\b(?<year>(?:19|20)\d\d)[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})\b",
        RegexOptions.NonBacktracking)]
    private static partial Regex IsoPattern();

    [GeneratedRegex(@"(?:(?<year>\d{4})年)?(?<month>\d{1,2})月(?<day>\d{1,2})日", RegexOptions.NonBacktracking)]
    private static partial Regex EastPattern();

    [GeneratedRegex(
        @"\b(?<first>\d{1,2})(?<mark>[./-])(?<second>\d{1,2})(?:[./-](?<year>\d{4}|\d\d)\b|\.|\b)",
        RegexOptions.NonBacktracking)]
    private static partial Regex NumberPattern();

    [GeneratedRegex(
        @"\b(?<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|:e)?\.?(?: of| de| d')?"
        + @" ?[ -]?(?<name>\p{L}{3,14})\.?(?:,? (?:de )?-?(?<year>(?:19|20)\d\d))?",
        RegexOptions.NonBacktracking)]
    private static partial Regex DayMonthPattern();

    [GeneratedRegex(
        @"\b(?<name>\p{L}{3,12})\.? (?:the )?(?<day>\d{1,2})(?:st|nd|rd|th)?"
        + @"(?:,? (?<year>(?:19|20)\d\d))?\b",
        RegexOptions.NonBacktracking)]
    private static partial Regex MonthDayPattern();
}
