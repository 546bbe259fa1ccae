namespace Overture.Mail;

/// <summary>Makes the file names of strangers harmless.</summary>
static class FileNames
{
    const int MaxLength = 255;

    /// <summary>The last segment of the name without control characters; null when nothing is left.</summary>
    public static string? Of(string? given)
    {
        if (string.IsNullOrWhiteSpace(given)) return null;
        var name = given.AsSpan(given.AsSpan().LastIndexOfAny('/', '\\') + 1);
        var clean = string.Concat(name.ToString().Where(sign => !char.IsControl(sign))).Trim();
        if (clean.Length > MaxLength) clean = clean[..MaxLength];
        return clean is "" or "." or ".." ? null : clean;
    }
}
