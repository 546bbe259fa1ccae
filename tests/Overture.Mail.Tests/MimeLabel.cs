using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>A labelled message of an outside corpus, and how far our reading agrees with its label.</summary>
public sealed record MimeLabel(string File, JsonObject Expected, byte[] Message)
{
    public static List<MimeLabel>? Of(string corpus)
    {
        if (SharedData.PathOf($"email/{corpus}/expected.jsonl") is not { } rows) return null;
        var folder = Path.GetDirectoryName(rows)!;
        return [.. System.IO.File.ReadLines(rows).Select(row => Of(folder, JsonNode.Parse(row)!.AsObject()))];
    }

    static MimeLabel Of(string folder, JsonObject row)
    {
        var file = (string)row["file"]!;
        var message = System.IO.File.ReadAllBytes(Path.Combine(folder, file));
        return new MimeLabel(file, row["expected"]!.AsObject(), message);
    }

    /// <summary>
    /// The labelled fields on which we differ, as `field: theirs | ours`; structure is scored on its own.
    /// </summary>
    public List<string> Differences()
    {
        var email = MimeReader.Read(Message);
        var differences = new List<string>();
        foreach (var (field, expected) in Expected)
        {
            var ours = Ours(field, email);
            if (ours is null) continue;
            var theirs = Theirs(field, expected);
            if (ours != theirs) differences.Add($"{field}: {theirs} | {ours}");
        }

        return differences;
    }

    string? Ours(string field, ReceivedEmail email) => field switch
    {
        "subject" => Spaces(email.Subject),
        "from" => Addresses(field, email.From),
        "to" => Addresses(field, email.To),
        "message_id" => email.MessageId ?? "",
        "date" => email.Date?.ToString("yyyy-MM-ddTHH:mm:sszzz") ?? "",
        "text" => Spaces(email.Text),
        "html" => Spaces(email.Html),
        "html_stripped" => Spaces(Stripped(email.Html ?? "")),
        "attachments" => string.Join(", ", email.Attachments.Select(file => $"{file.Name} {file.Type}")),
        "n_attachments" => email.Attachments.Count.ToString(),
        "n_toplevel_parts" => email.Root.Children.Count.ToString(),
        "leaves" => string.Join(", ", email.Leaves().Select(part => part.MediaType)),
        _ => null,
    };

    string Theirs(string field, JsonNode? expected) => field switch
    {
        "from" or "to" => string.Join(", ", expected!.AsArray().Select(address =>
            Address((string?)address!["name"], (string)address["address"]!, HasNames(field)))),
        "attachments" => string.Join(", ", expected!.AsArray().Select(file =>
            $"{(string?)file!["filename"]} {Type(file["content_type"])}")),
        "leaves" => string.Join(", ", expected!.AsArray().Select(leaf => Type(leaf!["type"]))),
        "subject" or "text" or "html" or "html_stripped" => Spaces((string?)expected),
        _ => expected?.ToString() ?? "",
    };

    static string Type(JsonNode? type) => ((string?)type ?? "text/plain").ToLowerInvariant();

    /// <summary>Some corpora label addresses without names.</summary>
    bool HasNames(string field) =>
        Expected[field]!.AsArray().All(address => address!.AsObject().ContainsKey("name"));

    string Addresses(string field, IReadOnlyList<MailboxAddress> addresses) =>
        string.Join(", ", addresses.Select(read => Address(read.Name, read.Address, HasNames(field))));

    static string Address(string? name, string address, bool withName) =>
        withName ? $"{name} <{address}>" : address;

    /// <summary>Line ends and runs of white space are conventions of each library.</summary>
    static string Spaces(string? text) =>
        string.Join(' ', (text ?? "").Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    static string Stripped(string html)
    {
        var text = new StringBuilder();
        var tags = new HtmlTags(html);
        while (tags.Next(out var words, out var tag))
        {
            text.Append(words);
            if (tag is { Name: "style" or "script" or "title", Closing: false }) tags.SkipElement(tag.Name);
        }

        return System.Net.WebUtility.HtmlDecode(text.ToString());
    }

    /// <summary>
    /// The tree of media types, as the labels write it; enclosed messages count as parts where the label
    /// enters them.
    /// </summary>
    public bool SameStructure(out string ours)
    {
        var theirs = Expected["structure"]!.ToJsonString();
        var entered = theirs.Contains("message/rfc822\",[", StringComparison.Ordinal);
        ours = Tree(MimeReader.Read(Message).Root, entered).ToJsonString();
        return ours.Equals(theirs, StringComparison.OrdinalIgnoreCase);
    }

    static JsonArray Tree(MimePart part, bool enter)
    {
        var tree = new JsonArray(part.MediaType);
        if (part.IsMultipart) tree.Add(new JsonArray([.. part.Children.Select(child => Tree(child, enter))]));
        else if (enter && part.Message is { } message && part.MediaType == "message/rfc822")
            tree.Add(new JsonArray(Tree(message.Root, enter)));
        return tree;
    }
}
