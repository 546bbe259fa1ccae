namespace Overture.Mail;

public sealed partial class ImapSession
{
    /// <summary>The most folders listed.</summary>
    public const int MostFolders = 10_000;

    /// <summary>
    /// The folder that is open; null when none is. Its counts follow what the server tells.
    /// </summary>
    public ImapOpenFolder? Folder { get; private set; }

    bool IsUtf8 => enabled.Contains("UTF8=ACCEPT");

    /// <summary>Lists the folders, each with its use (RFC 3501 section 6.3.8, RFC 6154).</summary>
    /// <param name="cancel">Ends the session.</param>
    public async Task<IReadOnlyList<ImapFolder>> ListFolders(CancellationToken cancel = default)
    {
        var listed = new List<(ImapFolder, string[])>();
        var command = Can("SPECIAL-USE") && Can("LIST-EXTENDED")
            ? "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
            : Can("XLIST") && !Can("SPECIAL-USE") ? "XLIST \"\" \"*\"" : "LIST \"\" \"*\"";
        await Run(new ImapCommand(command), line =>
        {
            if (line.Command is not ("LIST" or "XLIST")) return;
            if (line.Values.Count < 3 || listed.Count >= MostFolders) return;
            string[] attributes = [.. line.Values[0].Items.Select(value => value.Text ?? "")];
            var name = line.Values[2].Text ?? "";
            var delimiter = line.Values[1].Text is { Length: 1 } text ? text[0] : (char?)null;
            var closed = attributes.Any(one =>
                one.Equals("\\Noselect", StringComparison.OrdinalIgnoreCase)
                || one.Equals("\\NonExistent", StringComparison.OrdinalIgnoreCase));
            var decoded = IsUtf8 ? name : ImapUtf7.Decode(name);
            // A name that is not valid must go back as it came.
            var raw = IsUtf8 || ImapUtf7.Encode(decoded) == name ? null : name;
            listed.Add((new ImapFolder(decoded, delimiter, default, !closed) { Raw = raw }, attributes));
        }, null, null, cancel);
        return ImapFolderUses.Assign(listed);
    }

    /// <summary>Opens a folder.</summary>
    /// <param name="name">The full name in Unicode.</param>
    /// <param name="readOnly">Whether nothing in it may be changed (EXAMINE).</param>
    /// <param name="cancel">Ends the session.</param>
    /// <exception cref="ImapFailed">The folder does not exist or cannot be opened.</exception>
    public Task<ImapOpenFolder> Open(string name, bool readOnly = true, CancellationToken cancel = default) =>
        Open(name, FolderCommand(readOnly ? "EXAMINE" : "SELECT", name), readOnly, cancel);

    /// <summary>Opens a folder as it was listed, even one whose name is not valid.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="readOnly">Whether nothing in it may be changed (EXAMINE).</param>
    /// <param name="cancel">Ends the session.</param>
    /// <exception cref="ImapFailed">The folder does not exist or cannot be opened.</exception>
    public Task<ImapOpenFolder> Open(
        ImapFolder folder, bool readOnly = true, CancellationToken cancel = default)
    {
        var words = readOnly ? "EXAMINE" : "SELECT";
        var command = folder.Raw is { } raw
            ? new ImapCommand(words).String(raw)
            : FolderCommand(words, folder.Name);
        return Open(folder.Name, command, readOnly, cancel);
    }

    async Task<ImapOpenFolder> Open(string name, ImapCommand command, bool readOnly, CancellationToken cancel)
    {
        Folder = new ImapOpenFolder(name, 0, 0, 0, null, readOnly);
        // UTF8=ACCEPT and CONDSTORE may both be on; the parameter is for servers that cannot ENABLE.
        if (Can("CONDSTORE") && !enabled.Contains("CONDSTORE")) command.Add(" (CONDSTORE)");
        try
        {
            var done = await Run(command, cancel);
            Folder = Folder with { IsReadOnly = readOnly || done.CodeName == "READ-ONLY" };
            return Folder;
        }
        catch (ImapFailed failed) when (failed.Failure.Kind == ImapFailureKind.Refused)
        {
            Folder = null;
            throw new ImapFailed(failed.Failure with
            {
                Kind = ImapFailureKind.NoSuchFolder,
                Sentence = $"The folder {name} cannot be opened on {server.Host}.",
            }, failed);
        }
        catch
        {
            Folder = null;
            throw;
        }
    }

    /// <summary>Counts the messages of a folder without opening it (RFC 3501 section 6.3.10).</summary>
    /// <param name="name">The full name in Unicode.</param>
    /// <param name="cancel">Ends the session.</param>
    public async Task<ImapOpenFolder> Count(string name, CancellationToken cancel = default)
    {
        var found = new ImapOpenFolder(name, 0, 0, 0, null, true);
        var items = "MESSAGES UIDNEXT UIDVALIDITY" + (Can("CONDSTORE") ? " HIGHESTMODSEQ" : "");
        await Run(FolderCommand("STATUS", name).Add($" ({items})"), line =>
        {
            if (line.Command != "STATUS" || line.Values.Count < 2) return;
            var pairs = line.Values[^1].Items;
            for (var i = 0; i + 1 < pairs.Count; i += 2)
            {
                var number = pairs[i + 1].Number ?? 0;
                if (pairs[i].Is("MESSAGES")) found = found with { Messages = number };
                else if (pairs[i].Is("UIDNEXT")) found = found with { UidNext = (uint)number };
                else if (pairs[i].Is("UIDVALIDITY")) found = found with { UidValidity = (uint)number };
                else if (pairs[i].Is("HIGHESTMODSEQ")) found = found with { HighestModSeq = number };
            }
        }, null, null, cancel);
        return found;
    }

    /// <summary>Creates a folder (RFC 3501 section 6.3.3).</summary>
    /// <param name="name">The full name in Unicode.</param>
    /// <param name="cancel">Ends the session.</param>
    public Task CreateFolder(string name, CancellationToken cancel = default) =>
        Run(FolderCommand("CREATE", name), cancel);

    ImapCommand FolderCommand(string words, string name) =>
        new ImapCommand(words).String(IsUtf8 ? name : ImapUtf7.Encode(name));

    void NoteFolder(ImapLine line)
    {
        if (Folder is not { } open) return;
        Folder = line switch
        {
            { Command: "EXISTS", Number: { } count } => open with { Messages = count },
            { Command: "EXPUNGE" } => open with { Messages = Math.Max(0, open.Messages - 1) },
            { CodeName: "UIDVALIDITY" } =>
                open with { UidValidity = (uint)(line.CodeNumber("UIDVALIDITY") ?? 0) },
            { CodeName: "UIDNEXT" } => open with { UidNext = (uint)(line.CodeNumber("UIDNEXT") ?? 0) },
            { CodeName: "HIGHESTMODSEQ" } => open with { HighestModSeq = line.CodeNumber("HIGHESTMODSEQ") },
            { CodeName: "NOMODSEQ" } => open with { HighestModSeq = null },
            _ => open,
        };
    }
}
