namespace Overture.Mail;

/// <summary>
/// What <see cref="MimeReader"/> spends at most on one message. Beyond a limit the rest of the message stays
/// unread text; nothing is thrown. RFC 2045 to 2049 set no such bounds, hostile mail makes them necessary.
/// </summary>
public sealed record MimeLimits
{
    /// <summary>Limits that every honest message stays far below.</summary>
    public static MimeLimits Default { get; } = new();

    /// <summary>Levels of multiparts and enclosed messages.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>Parts in the whole message, enclosed messages included.</summary>
    public int Parts { get; init; } = 2_000;

    /// <summary>Header fields of one part.</summary>
    public int HeaderFields { get; init; } = 2_000;

    /// <summary>Bytes of one header field that are looked at.</summary>
    public int HeaderFieldBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes that one part may have after its transfer encoding is undone.</summary>
    public int DecodedBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>
    /// Bytes of text that the body properties (text and html) read, for all parts together.
    /// </summary>
    public int BodyBytes { get; init; } = 4 * 1024 * 1024;
}
