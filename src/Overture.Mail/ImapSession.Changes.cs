namespace Overture.Mail;

/// <summary>Where messages came to lie (RFC 4315).</summary>
/// <param name="UidValidity">The UIDVALIDITY of the folder.</param>
/// <param name="Uids">The UIDs there.</param>
public sealed record ImapPlace(uint UidValidity, IReadOnlyList<uint> Uids);

public sealed partial class ImapSession
{
    /// <summary>Adds or takes flags of messages in the open folder (RFC 3501 section 6.4.6).</summary>
    /// <param name="uids">The UIDs.</param>
    /// <param name="flags">The flags, such as \Seen.</param>
    /// <param name="add">True to add them, false to take them away.</param>
    /// <param name="cancel">Ends the session.</param>
    public async Task SetFlags(
        IReadOnlyList<uint> uids, IReadOnlyList<string> flags, bool add, CancellationToken cancel = default)
    {
        if (uids.Count == 0) return;
        var words = string.Join(' ', flags.Select(Checked));
        var change = $"{(add ? '+' : '-')}FLAGS.SILENT ({words})";
        await Run(new ImapCommand($"UID STORE {ImapCommand.Set(uids)} {change}"), cancel);
    }

    /// <summary>
    /// Moves messages of the open folder (RFC 6851), or copies and deletes them where the server cannot move.
    /// Without UIDPLUS they are only marked for deletion when others are too, because an EXPUNGE would take
    /// those as well.
    /// </summary>
    /// <param name="uids">The UIDs.</param>
    /// <param name="folder">The full name of the other folder.</param>
    /// <param name="cancel">Ends the session.</param>
    /// <returns>Where they lie now; null when the server does not say.</returns>
    public async Task<ImapPlace?> Move(
        IReadOnlyList<uint> uids, string folder, CancellationToken cancel = default)
    {
        if (uids.Count == 0) return null;
        var set = ImapCommand.Set(uids);
        ImapPlace? place = null;
        void Learn(ImapLine line) => place ??= Place(line, "COPYUID", 3);
        if (Can("MOVE"))
        {
            Learn(await Run(FolderCommand("UID MOVE " + set, folder), Learn, null, null, cancel));
            return place;
        }

        Learn(await Run(FolderCommand("UID COPY " + set, folder), Learn, null, null, cancel));
        await SetFlags(uids, ["\\Deleted"], add: true, cancel);
        if (Can("UIDPLUS")) await Run(new ImapCommand("UID EXPUNGE " + set), cancel);
        else if ((await Search(ImapQuery.Deleted, cancel)).All(uids.Contains))
            await Run(new ImapCommand("EXPUNGE"), cancel);
        return place;
    }

    /// <summary>
    /// Adds a message to a folder (RFC 3501 section 6.3.11). When the connection is lost after the message
    /// left, it may have been added: look for it with <see cref="FindByHeader"/> before adding it again, or
    /// use
    /// <see cref="AppendOnce"/>.
    /// </summary>
    /// <param name="folder">The full name of the folder.</param>
    /// <param name="message">The message, its lines ending in CRLF.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="receivedAt">Its date in the folder; null for now.</param>
    /// <param name="cancel">Ends the session.</param>
    /// <returns>Where it lies; null when the server does not say.</returns>
    public async Task<ImapPlace?> Append(
        string folder, ReadOnlyMemory<byte> message, IReadOnlyList<string> flags,
        DateTimeOffset? receivedAt = null, CancellationToken cancel = default)
    {
        if (AppendLimit is { } limit && message.Length > limit)
            throw new ImapFailed(new ImapFailure(ImapFailureKind.Refused,
                $"{server.Host} takes messages of at most {limit} bytes.", null, "TOOBIG"));
        var command = FolderCommand("APPEND", folder).Add($" ({string.Join(' ', flags.Select(Checked))})");
        if (receivedAt is { } at) command.Add($" \"{ImapCommand.DateTime(at)}\"");
        var done = await Run(command.Literal(message), cancel);
        return Place(done, "APPENDUID", 2);
    }

    /// <summary>
    /// Adds a message to a folder unless one with its Message-ID is there; opens that folder.
    /// </summary>
    /// <param name="folder">The full name of the folder.</param>
    /// <param name="message">The message, its lines ending in CRLF.</param>
    /// <param name="messageId">Its Message-ID, in angle brackets.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="cancel">Ends the session.</param>
    /// <returns>Whether it was added now.</returns>
    public async Task<bool> AppendOnce(
        string folder, ReadOnlyMemory<byte> message, string messageId, IReadOnlyList<string> flags,
        CancellationToken cancel = default)
    {
        await Open(folder, readOnly: true, cancel);
        if ((await FindByHeader("Message-ID", messageId, cancel)).Count > 0) return false;
        await Append(folder, message, flags, null, cancel);
        return true;
    }

    long? AppendLimit
    {
        get
        {
            const string name = "APPENDLIMIT=";
            const StringComparison anyCase = StringComparison.OrdinalIgnoreCase;
            var word = capabilities.FirstOrDefault(one => one.StartsWith(name, anyCase));
            return word is not null && long.TryParse(word[name.Length..], out var limit) ? limit : null;
        }
    }

    static ImapPlace? Place(ImapLine line, string code, int uidsAt)
    {
        if (line.CodeName != code || line.Code!.Count <= uidsAt || line.Code[1].Number is not { } validity)
            return null;
        var uids = new SortedSet<uint>();
        foreach (var range in (line.Code[uidsAt].Text ?? "").Split(','))
        {
            var ends = range.Split(':');
            if (long.TryParse(ends[0], out var first) && long.TryParse(ends[^1], out var last))
                Add(uids, Math.Min(first, last), Math.Max(first, last));
        }

        return new ImapPlace((uint)validity, [.. uids]);
    }

    static string Checked(string flag) =>
        flag.TrimStart('\\') is { Length: > 0 } word
            && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '$' or '_' or '-')
            ? flag
            : throw new ArgumentException($"{flag} is no flag.", nameof(flag));
}
