namespace Overture.Mail;

/// <summary>
/// A node of the MIME tree (RFC 2045 section 2.4): a leaf, a multipart or an enclosed message.
/// </summary>
public sealed class MimePart
{
    readonly MimeLimits limits;
    readonly List<MimePart> children = [];
    MimeParameters? contentType;
    MimeParameters? disposition;
    byte[]? content;
    ReceivedEmail? message;
    bool triedMessage;

    internal MimePart(IReadOnlyList<HeaderField> headers, string defaultType, MimeLimits limits)
    {
        Headers = headers;
        this.limits = limits;
        DefaultType = defaultType;
        foreach (var field in headers) field.Part = this;
    }

    /// <summary>The header fields of this part in their order.</summary>
    public IReadOnlyList<HeaderField> Headers { get; }

    /// <summary>
    /// The media type in lower case without parameters, `text/plain` where none is given (RFC 2045 5.2).
    /// </summary>
    public string MediaType => ContentType.Value.Length > 0 ? ContentType.Value : DefaultType;

    /// <summary>
    /// The Content-Type field with its parameters (RFC 2045 section 5, RFC 2231). A head that names its type
    /// twice
    /// has run into the head of its first part, so the later one describes the bytes that follow.
    /// </summary>
    public MimeParameters ContentType =>
        contentType ??= MimeParameters.ParseMediaType(LastRaw("Content-Type"));

    /// <summary>
    /// The Content-Disposition field with its parameters (RFC 2183); its value is empty when absent.
    /// </summary>
    public MimeParameters Disposition => disposition ??= MimeParameters.Parse(Raw("Content-Disposition"));

    /// <summary>The name given for the file, decoded and without folders; null when there is none.</summary>
    public string? FileName => FileNames.Of(Disposition["filename"]) ?? FileNames.Of(ContentType["name"]);

    /// <summary>The Content-ID without angle brackets (RFC 2392); null when there is none.</summary>
    public string? ContentId => MessageIds.First(Raw("Content-ID"));

    /// <summary>
    /// The transfer encoding in lower case, `7bit` where none is given (RFC 2045 section 6).
    /// </summary>
    public string TransferEncoding => TransferDecoding.NameOf(Raw("Content-Transfer-Encoding"));

    /// <summary>The body as received, still in its transfer encoding.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>The body with its transfer encoding undone. Decoded on first use and kept.</summary>
    public ReadOnlyMemory<byte> Content
    {
        get
        {
            if (!IsEncoded) return Body;
            return content ??= TransferDecoding.Decode(Body.Span, TransferEncoding, limits.DecodedBytes);
        }
    }

    /// <summary>The parts of a multipart; empty for every other type.</summary>
    public IReadOnlyList<MimePart> Children => children;

    /// <summary>Whether this is a multipart of any subtype.</summary>
    public bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.Ordinal);

    /// <summary>Whether the sender asks to show this as a file (RFC 2183).</summary>
    public bool IsAttachment => Disposition.Value == "attachment";

    /// <summary>
    /// The enclosed message of message/rfc822 and message/global, or the headers alone of
    /// text/rfc822-headers;
    /// null for other types, and where the content is no message.
    /// </summary>
    public ReceivedEmail? Message
    {
        get
        {
            if (triedMessage) return message;
            triedMessage = true;
            if (EnclosedRoot is not null)
            {
                message = new ReceivedEmail(IsEncoded ? Content : Body, EnclosedRoot, limits);
            }
            else if (HoldsHeadersOnly)
            {
                var read = MimeReader.Read(Content, limits);
                message = read.Headers.Count > 0 ? read : null;
            }

            return message;
        }
    }

    /// <summary>The first field of this name; null when absent. Case does not matter.</summary>
    public HeaderField? Field(string name)
    {
        foreach (var field in Headers)
            if (field.Is(name)) return field;
        return null;
    }

    /// <summary>The decoded value of the first field of this name; null when absent.</summary>
    public string? Header(string name) => Field(name)?.Value;

    /// <summary>
    /// The content as text. The declared charset is used unless the bytes prove it wrong; never throws, what
    /// cannot be read becomes U+FFFD.
    /// </summary>
    public string DecodeText() => DecodeText(int.MaxValue);

    internal string DecodeText(int maxBytes)
    {
        var bytes = Content.Span;
        if (bytes.Length > maxBytes) bytes = bytes[..maxBytes];
        var charset = ContentType["charset"];
        if (charset is null && MediaType == "text/html") charset = Charsets.DeclaredInHtml(bytes);
        return Charsets.Decode(bytes, charset);
    }

    internal string DefaultType { get; }

    /// <summary>Whether a delimiter came before the end of the head, so that the part has no body.</summary>
    internal bool IsCutOff { get; init; }

    internal string? Boundary => ContentType["boundary"];

    internal MimePart? EnclosedRoot { get; set; }

    internal bool IsMessage => MediaType is "message/rfc822" or "message/global" or "message/news";

    internal bool IsEncoded => TransferDecoding.IsEncoded(TransferEncoding);

    internal void Add(MimePart child) => children.Add(child);

    bool HoldsHeadersOnly => MediaType is "text/rfc822-headers" or "message/rfc822-headers"
        or "message/global-headers" or "text/rfc822-header";

    string? Raw(string name) => Field(name)?.RawValue;

    string? LastRaw(string name)
    {
        for (var index = Headers.Count - 1; index >= 0; index--)
            if (Headers[index].Is(name)) return Headers[index].RawValue;
        return null;
    }
}
