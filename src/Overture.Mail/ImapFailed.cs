namespace Overture.Mail;

/// <summary>Why a conversation with an IMAP server ended or a request was not done.</summary>
public enum ImapFailureKind
{
    /// <summary>No connection could be made.</summary>
    Unreachable,

    /// <summary>The server's certificate is not trusted.</summary>
    Certificate,

    /// <summary>The server offers no encryption, so no secret may be sent.</summary>
    NotEncrypted,

    /// <summary>User name, password or token were refused.</summary>
    Login,

    /// <summary>The server offers no way to log in that is supported.</summary>
    NoLoginMethod,

    /// <summary>The folder does not exist.</summary>
    NoSuchFolder,

    /// <summary>The server refused a request (NO or BAD).</summary>
    Refused,

    /// <summary>The server asks to come back later.</summary>
    Busy,

    /// <summary>The server did not answer in time.</summary>
    TimeOut,

    /// <summary>The connection was lost or closed by the server.</summary>
    Disconnected,

    /// <summary>The server sent more than is accepted.</summary>
    TooLarge,

    /// <summary>The server broke the protocol.</summary>
    BrokenAnswer,
}

/// <summary>What went wrong, as facts and as a sentence for the user.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Sentence">What it means and what to do, for the owner of the mailbox.</param>
/// <param name="ServerText">What the server said; null when it said nothing.</param>
/// <param name="Code">The response code (RFC 5530) without brackets; null without.</param>
public sealed record ImapFailure(
    ImapFailureKind Kind, string Sentence, string? ServerText = null, string? Code = null)
{
    /// <summary>Whether the same request may succeed later without a change by the user.</summary>
    public bool MayPass =>
        Kind is ImapFailureKind.Unreachable or ImapFailureKind.Busy or ImapFailureKind.TimeOut
        or ImapFailureKind.Disconnected or ImapFailureKind.BrokenAnswer or ImapFailureKind.TooLarge;

    /// <summary>Whether the connection can still be used.</summary>
    public bool KeepsConnection =>
        Kind is ImapFailureKind.Refused or ImapFailureKind.NoSuchFolder or ImapFailureKind.Login
            or ImapFailureKind.NoLoginMethod or ImapFailureKind.NotEncrypted or ImapFailureKind.Busy;
}

/// <summary>Thrown when a request to an IMAP server was not done.</summary>
/// <param name="failure">What went wrong.</param>
/// <param name="cause">The exception below, if there was one.</param>
public sealed class ImapFailed(ImapFailure failure, Exception? cause = null)
    : IOException(failure.Sentence, cause)
{
    /// <summary>What went wrong.</summary>
    public ImapFailure Failure { get; } = failure;

    internal ImapFailed(ImapFailureKind kind, string sentence, Exception? cause = null)
        : this(new ImapFailure(kind, sentence), cause) { }
}
