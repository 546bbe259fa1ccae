namespace Overture.Mail;

/// <summary>A part that is shown as a file, or that the HTML body shows as a picture.</summary>
public sealed class ReceivedAttachment
{
    internal ReceivedAttachment(MimePart part) => Part = part;

    /// <summary>The part itself.</summary>
    public MimePart Part { get; }

    /// <summary>The file name without folders; null when the sender gave none.</summary>
    public string? Name => Part.FileName;

    /// <summary>The media type in lower case.</summary>
    public string Type => Part.MediaType;

    /// <summary>The length of the decoded content in bytes.</summary>
    public int Size => Part.Content.Length;

    /// <summary>The decoded content.</summary>
    public ReadOnlyMemory<byte> Content => Part.Content;

    /// <summary>The Content-ID without brackets, by which HTML refers to it as `cid:` (RFC 2392).</summary>
    public string? ContentId => Part.ContentId;

    /// <summary>
    /// Whether it belongs to the body: not marked as attachment, and either inline or with a Content-ID.
    /// </summary>
    public bool IsInline =>
        !Part.IsAttachment && (Part.Disposition.Value == "inline" || ContentId is not null);
}
