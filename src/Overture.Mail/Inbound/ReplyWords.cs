using System.Collections.Frozen;

namespace Overture.Mail.Inbound;

/// <summary>The multilingual word lists of <c>Rules/reply-words.txt</c>, read once.</summary>
static class ReplyWords
{
    static readonly RuleFile File = RuleFile.Read("reply-words");

    /// <summary>Verbs that close "On ... somebody wrote".</summary>
    public static readonly string[] Wrote = [.. File.Words("wrote").OrderByDescending(w => w.Length)];

    /// <summary>Words that open such a line.</summary>
    public static readonly string[] Intro = [.. File.Words("intro").OrderByDescending(w => w.Length)];

    /// <summary>How month names begin.</summary>
    public static readonly string[] Months = [.. File.Words("months")];

    /// <summary>The role of a header name quoted in a body: "von" is From, "gesendet" is Date.</summary>
    public static readonly FrozenDictionary<string, HeaderRole> HeaderNames = ReadHeaderNames();

    /// <summary>Texts between dashes that open a quoted original.</summary>
    public static readonly string[] Original = [.. File.Words("original")];

    /// <summary>Texts that open a forwarded message.</summary>
    public static readonly string[] Forwarded = [.. File.Words("forwarded")];

    /// <summary>Lines a mail program adds on its own.</summary>
    public static readonly Phrase[] Mobile = File.Phrases("mobile");

    /// <summary>Formal closings, which open a signature.</summary>
    public static readonly FrozenSet<string> Closing = File.Words("closing");

    /// <summary>First lines of legal footers.</summary>
    public static readonly Phrase[] Disclaimer = File.Phrases("disclaimer");

    static FrozenDictionary<string, HeaderRole> ReadHeaderNames()
    {
        var names = new Dictionary<string, HeaderRole>();
        foreach (var role in Enum.GetValues<HeaderRole>())
        {
            foreach (var word in File.Words(role.ToString().ToLowerInvariant())) names.TryAdd(word, role);
        }

        return names.ToFrozenDictionary();
    }
}

/// <summary>What a header name quoted in a body says.</summary>
enum HeaderRole
{
    From,
    Date,
    To,
    Subject,
    Cc,
}
