namespace Overture.Mail;

/// <summary>What a folder is for (RFC 6154).</summary>
public enum ImapFolderUse
{
    /// <summary>No special use.</summary>
    None,

    /// <summary>Where mail arrives.</summary>
    Inbox,

    /// <summary>Copies of what was sent.</summary>
    Sent,

    /// <summary>Unfinished mail.</summary>
    Drafts,

    /// <summary>Unwanted mail.</summary>
    Junk,

    /// <summary>Deleted mail.</summary>
    Trash,

    /// <summary>Every message of the mailbox.</summary>
    All,

    /// <summary>Mail put away.</summary>
    Archive,
}

/// <summary>A folder of a mailbox.</summary>
/// <param name="Name">The full name in Unicode.</param>
/// <param name="Delimiter">What parts the levels of the name; null in a flat mailbox.</param>
/// <param name="Use">What it is for, as the server says or, failing that, as its name says.</param>
/// <param name="CanOpen">Whether it holds messages.</param>
public sealed record ImapFolder(string Name, char? Delimiter, ImapFolderUse Use, bool CanOpen)
{
    /// <summary>
    /// The name exactly as the server wrote it; null when <see cref="Name"/> leads back to it.
    /// </summary>
    internal string? Raw { get; init; }
}

/// <summary>An open folder, or the counts of one (RFC 3501 sections 6.3.1, 6.3.10 and 7.3.1).</summary>
/// <param name="Name">The full name in Unicode.</param>
/// <param name="UidValidity">When this number changes, every UID known from before is void.</param>
/// <param name="UidNext">The UID the next message will get, or more; 0 when not said.</param>
/// <param name="Messages">How many messages it holds.</param>
/// <param name="HighestModSeq">The highest modification number (RFC 7162); null when the folder keeps
/// none.</param>
/// <param name="IsReadOnly">Whether flags cannot be changed.</param>
public sealed record ImapOpenFolder(
    string Name, uint UidValidity, uint UidNext, long Messages, long? HighestModSeq, bool IsReadOnly);

/// <summary>
/// Recognises folders by the attributes of RFC 6154 and, failing these, by the names clients give.
/// </summary>
static class ImapFolderUses
{
    static readonly Dictionary<string, ImapFolderUse> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["\\Sent"] = ImapFolderUse.Sent,
        ["\\Drafts"] = ImapFolderUse.Drafts,
        ["\\Junk"] = ImapFolderUse.Junk,
        ["\\Spam"] = ImapFolderUse.Junk,
        ["\\Trash"] = ImapFolderUse.Trash,
        ["\\All"] = ImapFolderUse.All,
        ["\\AllMail"] = ImapFolderUse.All,
        ["\\Archive"] = ImapFolderUse.Archive,
        ["\\Inbox"] = ImapFolderUse.Inbox,
    };

    static readonly (ImapFolderUse Use, string[] Names)[] Habits =
    [
        (ImapFolderUse.Sent,
        [
            "sent", "sent items", "sent mail", "sent messages", "sent-mail", "gesendet", "gesendete elemente",
            "gesendete objekte", "gesendete nachrichten", "envoyés", "éléments envoyés", "messages envoyés",
            "enviados", "elementos enviados", "itens enviados", "posta inviata", "inviati", "inviata",
            "verzonden",
            "verzonden items", "verzonden berichten", "wysłane", "elementy wysłane", "skickat", "sendt",
            "lähetetyt",
            "отправленные", "odeslané", "elküldött", "gönderilmiş öğeler", "送信済み", "送信済みアイテム", "已发送",
            "已发送邮件", "보낸편지함",
        ]),
        (ImapFolderUse.Drafts,
        [
            "drafts", "draft", "entwürfe", "brouillons", "borradores", "rascunhos", "bozze", "concepten",
            "szkice", "wersje robocze", "utkast", "kladder", "luonnokset", "черновики", "koncepty", "下書き",
            "草稿",
        ]),
        (ImapFolderUse.Junk,
        [
            "junk", "junk email", "junk e-mail", "junk mail", "spam", "bulk mail", "spamverdacht",
            "unerwünscht",
            "courrier indésirable", "pourriel", "correo no deseado", "lixo eletrônico", "posta indesiderata",
            "ongewenste e-mail", "ongewenst", "skräppost", "спам", "迷惑メール", "垃圾邮件",
        ]),
        (ImapFolderUse.Trash,
        [
            "trash", "deleted", "deleted items", "deleted messages", "bin", "papierkorb",
            "gelöschte elemente",
            "gelöscht", "corbeille", "éléments supprimés", "papelera", "elementos eliminados", "lixeira",
            "cestino",
            "posta eliminata", "prullenbak", "verwijderde items", "kosz", "papperskorgen", "корзина", "koš",
            "ゴミ箱", "已删除",
        ]),
        (ImapFolderUse.All, ["all mail", "all", "alle nachrichten", "tous les messages", "todos"]),
        (ImapFolderUse.Archive, ["archive", "archives", "archiv", "archivo", "archivio", "archief", "arkiv"]),
    ];

    /// <summary>
    /// Gives each use to at most one folder: to the server's word first, then to the first habit.
    /// </summary>
    public static List<ImapFolder> Assign(List<(ImapFolder Folder, string[] Attributes)> listed)
    {
        var taken = new HashSet<ImapFolderUse>();
        var uses = new ImapFolderUse[listed.Count];
        for (var i = 0; i < listed.Count; i++)
        {
            var use = listed[i].Folder.Name.Equals("INBOX", StringComparison.OrdinalIgnoreCase)
                ? ImapFolderUse.Inbox
                : listed[i].Attributes.Select(word => Attributes.GetValueOrDefault(word))
                    .FirstOrDefault(one => one != ImapFolderUse.None);
            if (use != ImapFolderUse.None && taken.Add(use)) uses[i] = use;
        }

        foreach (var (use, names) in Habits)
        {
            if (taken.Contains(use)) continue;
            var found = names.Select(name =>
                listed.FindIndex(one => one.Folder.CanOpen && IsNamed(one.Folder, name)))
                .FirstOrDefault(index => index >= 0 && uses[index] == ImapFolderUse.None, -1);
            if (found >= 0) uses[found] = use;
        }

        return [.. listed.Select((one, index) => one.Folder with { Use = uses[index] })];
    }

    static bool IsNamed(ImapFolder folder, string name)
    {
        var level = folder.Delimiter is { } delimiter ? folder.Name.LastIndexOf(delimiter) + 1 : 0;
        return folder.Name.AsSpan(level).Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
