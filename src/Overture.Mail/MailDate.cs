using System.Globalization;

namespace Overture.Mail;

/// <summary>Dates of mail (RFC 5322 sections 3.3 and 4.3), and what broken programs write instead.</summary>
public static class MailDate
{
    const int MaxLength = 200;
    static readonly TimeSpan LargestOffset = TimeSpan.FromHours(14);

    static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>The moment that a Date value names; null when it names none. An unknown zone counts as UTC.</summary>
    public static DateTimeOffset? Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return null;
        var text = value.Length > MaxLength ? value[..MaxLength] : value;
        return ParseWords(text) ?? ParseOther(text.Trim());
    }

    static DateTimeOffset? ParseWords(string text)
    {
        var (day, month, year, offset) = (0, 0, -1, TimeSpan.Zero);
        TimeOnly? time = null;
        var afternoon = 0;
        foreach (var word in Words(text))
        {
            if (time is null && Time(word) is { } read) time = read;
            else if (time is null && word.Contains(':')) return null;
            else if (month == 0 && Month(word) is var found and > 0) month = found;
            else if (time is not null && Zone(word) is { } zone) offset = zone;
            else if (word.Equals("PM", StringComparison.OrdinalIgnoreCase)) afternoon = 12;
            else if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            else if (day == 0 && word.Length <= 2) day = number;
            else if (year < 0 && word.Length >= 2) year = FullYear(number, word.Length);
        }

        if (day == 0 || month == 0 || year < 1 || day > DateTime.DaysInMonth(Math.Min(year, 9999), month)) return null;
        var clock = time ?? TimeOnly.MinValue;
        if (afternoon > 0 && clock.Hour < 12) clock = clock.AddHours(afternoon);
        return Moment(new DateOnly(Math.Min(year, 9999), month, day).ToDateTime(clock), offset);
    }

    /// <summary>Words outside of comments; a date such as 17-May-2000 falls apart.</summary>
    static IEnumerable<string> Words(string text)
    {
        var open = text.IndexOf('(');
        if (open > 0) text = text[..open];
        foreach (var word in text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var isDate = word.Length > 6 && word.Contains('-') && char.IsAsciiDigit(word[0]) && !word.Contains(':');
            foreach (var piece in isDate ? word.Split('-', StringSplitOptions.RemoveEmptyEntries) : [word])
                yield return piece;
        }
    }

    static int FullYear(int year, int digits) => digits switch
    {
        2 => year < 50 ? year + 2000 : year + 1900,
        3 => year + 1900,
        _ => year,
    };

    static int Month(string word)
    {
        if (word.Length < 3 || !char.IsAsciiLetter(word[0])) return 0;
        return Array.FindIndex(Months, month => word.StartsWith(month, StringComparison.OrdinalIgnoreCase)) + 1;
    }

    static TimeOnly? Time(string word)
    {
        var zone = word.IndexOfAny(['+', '-', 'Z']);
        var clock = zone > 0 ? word[..zone] : word;
        if (!clock.Contains(':') && clock.Count(sign => sign == '.') != 2) return null;
        var pieces = clock.Split([':', '.']);
        if (pieces.Length is < 2 or > 4) return null;
        var numbers = new int[3];
        for (var index = 0; index < Math.Min(3, pieces.Length); index++)
            if (!int.TryParse(pieces[index], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[index])) return null;

        // A leap second is the last second of its minute here.
        if (numbers[0] > 23 || numbers[1] > 59 || numbers[2] > 60) return null;
        return new TimeOnly(numbers[0], numbers[1], Math.Min(59, numbers[2]));
    }

    static TimeSpan? Zone(string word)
    {
        if (word.StartsWith("GMT+", StringComparison.Ordinal) || word.StartsWith("UTC+", StringComparison.Ordinal)
            || word.StartsWith("GMT-", StringComparison.Ordinal) || word.StartsWith("UTC-", StringComparison.Ordinal))
            word = word[3..];
        var digits = word.AsSpan().TrimStart("+-").ToString().Replace(":", "");
        if (word[0] is '+' or '-' && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var size = digits.Length <= 2 ? TimeSpan.FromHours(number) : new TimeSpan(number / 100, number % 100, 0);
            return word[0] == '-' ? -size : size;
        }

        return word.ToUpperInvariant() switch
        {
            "GMT" or "UT" or "UTC" or "Z" => TimeSpan.Zero,
            "EST" or "CDT" => TimeSpan.FromHours(-5),
            "EDT" => TimeSpan.FromHours(-4),
            "CST" or "MDT" => TimeSpan.FromHours(-6),
            "MST" or "PDT" => TimeSpan.FromHours(-7),
            "PST" => TimeSpan.FromHours(-8),
            "CET" or "MET" or "BST" => TimeSpan.FromHours(1),
            "CEST" or "MEST" or "EET" => TimeSpan.FromHours(2),
            "EEST" or "MSK" => TimeSpan.FromHours(3),
            "JST" or "KST" => TimeSpan.FromHours(9),
            _ => null,
        };
    }

    static DateTimeOffset? ParseOther(string text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var date)
            ? date : null;

    static DateTimeOffset? Moment(DateTime local, TimeSpan offset)
    {
        if (offset.Duration() > LargestOffset) offset = TimeSpan.Zero;
        var ticks = local.Ticks - offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(local, offset);
    }
}
