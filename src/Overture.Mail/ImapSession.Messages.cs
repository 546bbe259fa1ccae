using System.Runtime.CompilerServices;
using System.Text;

namespace Overture.Mail;

/// <summary>What came of a download.</summary>
/// <param name="Found">Whether the message still exists.</param>
/// <param name="Size">Its size by the server's word.</param>
/// <param name="Truncated">Whether it is larger than was asked for, so that its end is missing.</param>
public sealed record ImapDownload(bool Found, long? Size, bool Truncated);

public sealed partial class ImapSession
{
    /// <summary>The most messages asked for in one FETCH.</summary>
    public const int FetchBatch = 200;

    /// <summary>The most UIDs one search may find.</summary>
    public const int MostFound = 4_000_000;

    /// <summary>The most messages whose header is compared after a search.</summary>
    public const int MostCompared = 100;

    /// <summary>The largest message downloaded, unless told otherwise, in bytes.</summary>
    public const int LargestMessageBytes = 50 * 1024 * 1024;

    /// <summary>Searches the open folder (UID SEARCH, with RFC 4731 where offered).</summary>
    /// <param name="query">What to search for.</param>
    /// <param name="cancel">Ends the session.</param>
    /// <returns>The UIDs, in ascending order.</returns>
    public async Task<IReadOnlyList<uint>> Search(ImapQuery query, CancellationToken cancel = default)
    {
        var command = new ImapCommand(Can("ESEARCH") ? "UID SEARCH RETURN (ALL)" : "UID SEARCH");
        if (!query.IsAscii && !IsUtf8) command.Add(" CHARSET UTF-8");
        query.Write(command);
        var found = new SortedSet<uint>();
        await Run(command, line => Collect(line, found), null, null, cancel);
        return [.. found];
    }

    static void Collect(ImapLine line, SortedSet<uint> found)
    {
        if (line.Command == "SEARCH")
            foreach (var value in line.Values) Add(found, value.Number ?? 0, value.Number ?? 0);
        if (line.Command != "ESEARCH") return;
        for (var i = 0; i + 1 < line.Values.Count; i++)
        {
            if (!line.Values[i].Is("ALL")) continue;
            foreach (var range in (line.Values[i + 1].Text ?? "").Split(','))
            {
                var ends = range.Split(':');
                if (long.TryParse(ends[0], out var first) && long.TryParse(ends[^1], out var last))
                    Add(found, Math.Min(first, last), Math.Max(first, last));
            }
        }
    }

    static void Add(SortedSet<uint> found, long first, long last)
    {
        // A short answer can name billions of messages.
        if (last > uint.MaxValue || last - first + found.Count >= MostFound)
            throw new ImapFailed(ImapFailureKind.TooLarge,
                "The mail server found more messages than are accepted.");
        for (var uid = Math.Max(first, 1); uid <= last; uid++) found.Add((uint)uid);
    }

    /// <summary>
    /// Finds messages of the open folder by the exact value of a header field, so that what was sent can be
    /// found again in Sent. Servers only search for parts of a value; the header of each find is compared.
    /// </summary>
    /// <param name="field">The field, such as Message-ID.</param>
    /// <param name="value">The whole value.</param>
    /// <param name="cancel">Ends the session.</param>
    /// <returns>The UIDs, in ascending order.</returns>
    public async Task<IReadOnlyList<uint>> FindByHeader(
        string field, string value, CancellationToken cancel = default)
    {
        var found = await Search(ImapQuery.Header(field, value), cancel);
        var exact = new List<uint>();
        await foreach (var message in Fetch([.. found.TakeLast(MostCompared)], ImapFetchItems.Header, cancel))
            if (HeaderValues(message.Header, field).Contains(value.Trim())) exact.Add(message.Uid);
        return exact;
    }

    static IEnumerable<string> HeaderValues(ReadOnlyMemory<byte>? header, string field)
    {
        var text = Encoding.Latin1.GetString((header ?? default).Span);
        text = text.Replace("\r\n ", " ").Replace("\r\n\t", " ");
        return text.Split("\r\n").Where(line =>
            line.StartsWith(field + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(field.Length + 1)..].Trim());
    }

    /// <summary>
    /// Fetches facts about messages of the open folder, in batches; nothing is marked as read.
    /// </summary>
    /// <param name="uids">The UIDs; those gone meanwhile are left out.</param>
    /// <param name="items">What to fetch.</param>
    /// <param name="cancel">Ends the session.</param>
    public async IAsyncEnumerable<ImapMessage> Fetch(
        IReadOnlyList<uint> uids, ImapFetchItems items,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var start = 0; start < uids.Count; start += FetchBatch)
        {
            var batch = uids.Skip(start).Take(FetchBatch).ToHashSet();
            var command = $"UID FETCH {ImapCommand.Set([.. batch.Order()])} ({Words(items)})";
            foreach (var message in await FetchOnce(command, batch.Contains, cancel)) yield return message;
        }
    }

    /// <summary>Fetches the flags of every message changed since a modification number (RFC 7162).</summary>
    /// <param name="modSeq">The number, as of an earlier <see cref="ImapOpenFolder.HighestModSeq"/>.</param>
    /// <param name="cancel">Ends the session.</param>
    public Task<IReadOnlyList<ImapMessage>> FetchChanged(long modSeq, CancellationToken cancel = default) =>
        FetchOnce($"UID FETCH 1:* (UID FLAGS MODSEQ) (CHANGEDSINCE {modSeq})", _ => true, cancel);

    async Task<IReadOnlyList<ImapMessage>> FetchOnce(
        string command, Func<uint, bool> wanted, CancellationToken cancel)
    {
        // Servers add flag changes of other messages, and may report one message in several responses.
        var messages = new SortedDictionary<uint, ImapMessage>();
        await Run(new ImapCommand(command), line =>
        {
            if (ImapMessage.Read(line) is not { } message || !wanted(message.Uid)) return;
            messages[message.Uid] = messages.TryGetValue(message.Uid, out var known)
                ? Merge(known, message)
                : message;
        }, null, null, cancel);
        return [.. messages.Values];
    }

    static ImapMessage Merge(ImapMessage known, ImapMessage news) => known with
    {
        Flags = news.Flags.Count > 0 ? news.Flags : known.Flags,
        Size = news.Size ?? known.Size,
        ReceivedAt = news.ReceivedAt ?? known.ReceivedAt,
        ModSeq = news.ModSeq ?? known.ModSeq,
        Envelope = news.Envelope ?? known.Envelope,
        Structure = news.Structure ?? known.Structure,
        Header = news.Header ?? known.Header,
    };

    string Words(ImapFetchItems items)
    {
        var words = new StringBuilder("UID FLAGS");
        if (items.HasFlag(ImapFetchItems.Size)) words.Append(" RFC822.SIZE");
        if (items.HasFlag(ImapFetchItems.ReceivedAt)) words.Append(" INTERNALDATE");
        if (items.HasFlag(ImapFetchItems.Envelope)) words.Append(" ENVELOPE");
        if (items.HasFlag(ImapFetchItems.Structure)) words.Append(" BODYSTRUCTURE");
        if (items.HasFlag(ImapFetchItems.ModSeq) && Folder?.HighestModSeq is not null)
            words.Append(" MODSEQ");
        // A header without end is cut, not refused: its first part says enough.
        if (items.HasFlag(ImapFetchItems.Header)) words.Append(" BODY.PEEK[HEADER]<0.32768>");
        return words.ToString();
    }

    /// <summary>Copies a message to a stream as it arrives, without marking it as read (BODY.PEEK).</summary>
    /// <param name="uid">The UID.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="most">The most bytes taken; a larger message is cut.</param>
    /// <param name="cancel">Ends the session.</param>
    /// <exception cref="ImapFailed">The server sent more than was asked for; the session ends.</exception>
    public async Task<ImapDownload> Download(
        uint uid, Stream destination, int most = LargestMessageBytes, CancellationToken cancel = default)
    {
        ImapMessage? found = null;
        long taken = 0;
        Stream Target(ReadOnlyMemory<byte> line, long length)
        {
            taken += length;
            return taken <= most
                ? destination
                : throw new ImapFailed(ImapFailureKind.TooLarge,
                    "The mail server sent more than was asked for.");
        }

        await Run(new ImapCommand($"UID FETCH {uid} (UID RFC822.SIZE BODY.PEEK[]<0.{most}>)"), line =>
        {
            if (ImapMessage.Read(line) is not { } message || message.Uid != uid) return;
            found = found is null ? message : Merge(found, message);
            // A short body may come as a quoted string.
            if (message.Header is { Length: > 0 } quoted) destination.Write(quoted.Span);
        }, Target, null, cancel);
        return new ImapDownload(found is not null, found?.Size, found?.Size > most);
    }

    /// <summary>Reads a message into memory; null when it is gone.</summary>
    /// <param name="uid">The UID.</param>
    /// <param name="most">The most bytes taken; a larger message is cut.</param>
    /// <param name="cancel">Ends the session.</param>
    public async Task<byte[]?> Read(
        uint uid, int most = LargestMessageBytes, CancellationToken cancel = default)
    {
        using var memory = new MemoryStream();
        return (await Download(uid, memory, most, cancel)).Found ? memory.ToArray() : null;
    }
}
