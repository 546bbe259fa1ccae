using System.Globalization;

namespace Overture.Mail;

/// <summary>Dates of mail (RFC 5322 sections 3.3 and 4.3), and what broken programs write instead.</summary>
public static class MailDate
{
    const int MaxLength = 200;
    const DateTimeStyles Other = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
    static readonly TimeSpan LargestOffset = TimeSpan.FromHours(14);

    static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>
    /// The moment that a Date value names; null when it names none. An unknown zone counts as UTC.
    /// </summary>
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
            if (time is null && Time(word, out var attached) is { } read) (time, offset) = (read, attached);
            else if (time is null && word.Contains(':')) return null;
            else if (month == 0 && Month(word) is var found and > 0) month = found;
            else if (time is not null && Zone(word) is { } zone) offset = zone;
            else if (word.Equals("PM", StringComparison.OrdinalIgnoreCase)) afternoon = 12;
            else if (!IsNumber(word, out var number))
                continue;
            else if (day == 0 && word.Length <= 2) day = number;
            else if (year < 0 && word.Length >= 2) year = FullYear(number, word.Length);
        }

        if (day == 0 || month == 0 || year is < 1 or > 9999 || day > DateTime.DaysInMonth(year, month))
            return null;
        var clock = time ?? TimeOnly.MinValue;
        if (afternoon > 0 && clock.Hour < 12) clock = clock.AddHours(afternoon);
        return Moment(new DateOnly(year, month, day).ToDateTime(clock), offset);
    }

    /// <summary>Words outside of comments; a date such as 17-May-2000 falls apart.</summary>
    static IEnumerable<string> Words(string text)
    {
        var open = text.IndexOf('(');
        if (open > 0) text = text[..open];
        foreach (var word in text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var isDate = word.Length > 6 && char.IsAsciiDigit(word[0])
                && word.Contains('-') && !word.Contains(':');
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
        return 1 + Array.FindIndex(
            Months, month => word.StartsWith(month, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A time of day; the zone may follow without a space.</summary>
    static TimeOnly? Time(string word, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        var zone = word.IndexOfAny(['+', '-', 'Z']);
        var clock = zone > 0 ? word[..zone] : word;
        if (!clock.Contains(':') && clock.Count(sign => sign == '.') != 2) return null;
        var pieces = clock.Split([':', '.']);
        if (pieces.Length is < 2 or > 4) return null;
        var numbers = new int[3];
        for (var index = 0; index < Math.Min(3, pieces.Length); index++)
            if (!IsNumber(pieces[index], out numbers[index])) return null;

        if (zone > 0) offset = Zone(word[zone..]) ?? TimeSpan.Zero;

        // A leap second is the last second of its minute here.
        if (numbers[0] > 23 || numbers[1] > 59 || numbers[2] > 60) return null;
        return new TimeOnly(numbers[0], numbers[1], Math.Min(59, numbers[2]));
    }

    static TimeSpan? Zone(string word)
    {
        if (word.Length > 4 && (word[..3] is "GMT" or "UTC") && (word[3] is '+' or '-')) word = word[3..];
        var digits = word.AsSpan().TrimStart("+-").ToString().Replace(":", "");
        if (word[0] is '+' or '-' && IsNumber(digits, out var number))
        {
            var (hours, minutes) = digits.Length <= 2 ? (number, 0) : (number / 100, number % 100);
            var size = new TimeSpan(hours, minutes, 0);
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

    static bool IsNumber(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    static DateTimeOffset? ParseOther(string text) =>
        text.Any(char.IsAsciiDigit) && text.AsSpan().ContainsAny("-/")
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Other, out var date) ? date : null;

    static DateTimeOffset? Moment(DateTime local, TimeSpan offset)
    {
        if (offset.Duration() > LargestOffset) offset = TimeSpan.Zero;
        var ticks = local.Ticks - offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(local, offset);
    }
}
