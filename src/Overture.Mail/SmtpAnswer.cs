using System.Buffers;

namespace Overture.Mail;

/// <summary>What kind of thing came back when an answer was awaited.</summary>
enum SmtpAnswerKind
{
    /// <summary>A well-formed reply.</summary>
    Reply,

    /// <summary>The whole answer did not come in time.</summary>
    TimedOut,

    /// <summary>The server closed the connection first.</summary>
    Closed,

    /// <summary>The connection broke: reset, unreachable, write failed.</summary>
    Lost,

    /// <summary>Bytes that are no SMTP reply.</summary>
    Garbled,

    /// <summary>A line or an answer beyond every reasonable length.</summary>
    Oversize,

    /// <summary>Bytes arrived when none were due: replies can no longer be matched to commands.</summary>
    Unsolicited,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}

/// <summary>
/// One answer of the server. <see cref="Text"/> is the reply without codes, its lines joined by LF; for the
/// other kinds a detail for people.
/// </summary>
readonly record struct SmtpAnswer(SmtpAnswerKind Kind, int Code, string Text)
{
    static readonly SearchValues<char> StatusCharacters = SearchValues.Create("0123456789.");

    public static SmtpAnswer Broken(SmtpAnswerKind kind, string detail = "") => new(kind, 0, detail);

    public bool IsReply => Kind == SmtpAnswerKind.Reply;

    public bool Is(int code) => IsReply && Code == code;

    /// <summary>
    /// After a plain refusal the connection is still in step; after anything odd it is not.
    /// </summary>
    public bool KeepsStep => IsReply && Code is >= 400 and < 600 and not 421;

    /// <summary>
    /// The enhanced status code at the start of the text (RFC 2034), for instance 5.1.1; else null.
    /// </summary>
    public string? EnhancedStatus
    {
        get
        {
            var end = Text.AsSpan().IndexOfAnyExcept(StatusCharacters);
            var status = end < 0 ? Text : Text[..end];
            var parts = status.Split('.');
            return parts.Length == 3 && parts[0] is "2" or "4" or "5"
                && parts[1].Length is 1 or 2 or 3 && parts[2].Length is 1 or 2 or 3
                ? status
                : null;
        }
    }
}
