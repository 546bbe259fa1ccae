using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Overture.Mail;
using Overture.Mail.Dns;
using Overture.Mail.Inbound;

namespace Overture.Server.Cli;

/// <summary>What a file given to <c>mail inspect</c> is.</summary>
enum MailForm
{
    Message,
    Text,
    Html,
}

/// <summary>
/// One line of <c>mail inspect</c>. A part that does not apply is null: a bare body has no MIME, a human
/// letter no bounce, and without DNS no signature was looked at.
/// </summary>
sealed record MailInspection(string File)
{
    /// <summary>A message larger than this is no mail that a server would have taken.</summary>
    const long LargestFileBytes = 64 * 1024 * 1024;

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // Nobody pastes a line of a terminal into HTML, and other alphabets shall stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string? Kind { get; init; }
    public InspectedBounce? Bounce { get; init; }
    public InspectedComplaint? Complaint { get; init; }
    public InspectedAutoReply? AutoReply { get; init; }
    public InspectedReply? Reply { get; init; }
    public InspectedMime? Mime { get; init; }
    public IReadOnlyList<InspectedSignature>? Dkim { get; init; }
    public string? Error { get; init; }

    /// <summary>Reads a file. Whatever is wrong with it becomes its error, and only its.</summary>
    public static async Task<MailInspection> Of(
        string file, MailForm form, IDnsSource? dns, CancellationToken cancel)
    {
        try
        {
            var bytes = await Read(file, cancel);
            return form switch
            {
                MailForm.Text => OfBody(file, VisibleReply.From(Charsets.DecodeUndeclared(bytes))),
                MailForm.Html => OfBody(file, VisibleReply.FromHtml(Charsets.DecodeUndeclared(bytes))),
                _ => await OfMessage(file, bytes, dns, cancel),
            };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new MailInspection(file) { Error = error.Message };
        }
    }

    static async Task<byte[]> Read(string file, CancellationToken cancel)
    {
        if (Directory.Exists(file)) throw new IOException($"{file} is a folder; name its files.");
        if (new FileInfo(file) is { Exists: true, Length: > LargestFileBytes })
            throw new IOException($"{file} is larger than {LargestFileBytes / 1024 / 1024} MiB.");
        return await System.IO.File.ReadAllBytesAsync(file, cancel);
    }

    static MailInspection OfBody(string file, string visible) =>
        new(file) { Reply = new InspectedReply(visible) };

    static async Task<MailInspection> OfMessage(
        string file, byte[] bytes, IDnsSource? dns, CancellationToken cancel)
    {
        var email = MimeReader.Read(bytes);
        var reading = InboundReader.Classify(email);
        var isReport = reading.Kind is InboundKind.Bounce or InboundKind.Complaint;
        var checks = dns is null ? null : await DkimVerifier.Verify(bytes, dns, cancel: cancel);
        return new MailInspection(file)
        {
            Kind = reading.KindName,
            Bounce = reading.Bounce is { } bounce ? InspectedBounce.Of(bounce) : null,
            Complaint = reading.Complaint is { } complaint
                ? new InspectedComplaint(complaint.FeedbackType, complaint.OriginalRecipients)
                : null,
            AutoReply = reading.AutoReply is { } auto ? new InspectedAutoReply(auto.ReturnOn) : null,
            Reply = isReport ? null : new InspectedReply(VisibleReply.From(email.Text ?? "")),
            Mime = InspectedMime.Of(email),
            Dkim = checks?.Select(InspectedSignature.Of).ToList(),
        };
    }
}

sealed record InspectedBounce(IReadOnlyList<InspectedRecipient> Recipients)
{
    public static InspectedBounce Of(BounceReport report) =>
        new([.. report.Recipients.Select(one => new InspectedRecipient(
            one.Address, one.Action, one.Status, one.ReplyCode, one.Reason, one.Hard))]);
}

sealed record InspectedRecipient(
    string Address, string Action, string Status, string ReplyCode, string Reason, bool Hard);

sealed record InspectedComplaint(string FeedbackType, IReadOnlyList<string> Recipients);

sealed record InspectedAutoReply(DateOnly? ReturnOn);

sealed record InspectedReply(string Visible);

sealed record InspectedSignature(string Domain, string Selector, string Result, string Reason)
{
    public static InspectedSignature Of(DkimCheck check) =>
        new(check.Domain, check.Selector, check.Result.ToString().ToLowerInvariant(), check.Reason);
}

sealed record InspectedAddress(string? Name, string Address);

sealed record InspectedFile(string? Name, string Type, int Size);

/// <summary>
/// The message itself. The text is that of the text parts, or made from the HTML where nothing else was sent.
/// </summary>
sealed record InspectedMime(
    string? Subject, IReadOnlyList<InspectedAddress> From, IReadOnlyList<InspectedAddress> To,
    DateTimeOffset? Date, string? MessageId, IReadOnlyList<string> InReplyTo,
    IReadOnlyList<string> References, string? Text, string? Html,
    IReadOnlyList<InspectedFile> Attachments, JsonArray Structure)
{
    public static InspectedMime Of(ReceivedEmail email) => new(
        email.Subject, Addresses(email.From), Addresses(email.To), email.Date, email.MessageId,
        email.InReplyTo, email.References, email.Text, email.Html,
        [.. email.Attachments.Select(file => new InspectedFile(file.Name, file.Type, file.Size))],
        Tree(email.Root));

    static InspectedAddress[] Addresses(IReadOnlyList<MailboxAddress> addresses) =>
        [.. addresses.Select(one => new InspectedAddress(one.Name, one.Address))];

    /// <summary>A part is its media type and, when it holds something, the list of that.</summary>
    static JsonArray Tree(MimePart part)
    {
        var tree = new JsonArray(part.MediaType);
        if (part.IsMultipart) tree.Add(new JsonArray([.. part.Children.Select(Tree)]));
        else if (part is { MediaType: "message/rfc822", Message: { } message })
            tree.Add(new JsonArray(Tree(message.Root)));
        return tree;
    }
}
