using System.Buffers.Text;

namespace Overture.Providers.Gmail;

/// <summary>Reads Gmail's answers. Empty lists are left out there, not sent as [].</summary>
static class GmailReader
{
    public static GmailProfile Profile(byte[] body)
    {
        var said = Loose.ParseObject(body);
        return new GmailProfile(Needed(said, "emailAddress"), Needed(said, "historyId"));
    }

    public static GmailDraft Draft(byte[] body)
    {
        var said = Loose.ParseObject(body);
        return new GmailDraft(Needed(said, "id"), NameOf(said["message"]));
    }

    public static GmailName Name(byte[] body) => NameOf(Loose.ParseObject(body));

    public static IReadOnlyList<GmailName> Names(byte[] body) =>
        [.. Loose.ParseObject(body)["messages"].Items.Select(NameOf)];

    public static GmailPage Page(byte[] body)
    {
        var said = Loose.ParseObject(body);
        return new GmailPage([.. said["messages"].Items.Select(NameOf)], said["nextPageToken"].Text);
    }

    public static IReadOnlyList<string> DraftIds(byte[] body) =>
        [.. Loose.ParseObject(body)["drafts"].Items.Select(draft => Needed(draft, "id"))];

    public static GmailMessage Message(byte[] body)
    {
        var said = Loose.ParseObject(body);
        return new GmailMessage(
            NameOf(said), said["labelIds"].Texts, said["historyId"].Text, said["internalDate"].Instant,
            Raw(Needed(said, "raw")));
    }

    public static GmailHistory History(byte[] body)
    {
        var said = Loose.ParseObject(body);
        var added =
            from change in said["history"].Items
            from addition in change["messagesAdded"].Items
            select new GmailAdded(NameOf(addition["message"]), addition["message"]["labelIds"].Texts);
        return new GmailHistory([.. added], said["nextPageToken"].Text, Needed(said, "historyId"));
    }

    static GmailName NameOf(Loose message) =>
        new(Needed(message, "id"), message["threadId"].Text ?? Needed(message, "id"));

    static byte[] Raw(string encoded)
    {
        try
        {
            return Base64Url.DecodeFromChars(encoded);
        }
        catch (FormatException broken)
        {
            throw new MalformedAnswerException("the message is not in base64url", broken);
        }
    }

    static string Needed(Loose said, string field) =>
        said[field].Text ?? throw new MalformedAnswerException($"the answer has no {field}");
}
