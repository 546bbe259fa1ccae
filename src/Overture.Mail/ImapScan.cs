using System.Runtime.CompilerServices;

namespace Overture.Mail;

/// <summary>One look through a folder: everything that came after a cursor, once, in order.</summary>
/// <param name="session">A session; the folder is opened read-only in it.</param>
/// <param name="seen">Recognises messages told before, in this folder or another one.</param>
public sealed class ImapScan(ImapSession session, SeenMessages seen)
{
    /// <summary>
    /// How far before the newest message told a renumbered folder is read again. The dates are the server's
    /// own, so no clock needs to agree with another; the days cover its calendar and late arrivals.
    /// </summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(3);

    const ImapFetchItems Items =
        ImapFetchItems.Envelope | ImapFetchItems.Size | ImapFetchItems.ReceivedAt | ImapFetchItems.ModSeq;

    /// <summary>Looks through the folder.</summary>
    /// <param name="cursor">How far it has been read.</param>
    /// <param name="cancel">Ends the session.</param>
    public async IAsyncEnumerable<ImapNews> Run(
        ImapCursor cursor, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var folder = await session.Open(cursor.Folder, readOnly: true, cancel);
        ImapQuery query;
        if (cursor.UidValidity == 0)
        {
            var last = await LastUid(folder, cancel);
            yield return new ImapNews.Renumbered(
                cursor with { UidValidity = folder.UidValidity, LastUid = last }, 0);
            yield break;
        }

        if (folder.UidValidity != cursor.UidValidity)
        {
            var before = cursor.UidValidity;
            cursor = cursor with { UidValidity = folder.UidValidity, LastUid = 0 };
            query = cursor.NewestAt is { } newest ? ImapQuery.Since(newest - Overlap) : ImapQuery.All;
            yield return new ImapNews.Renumbered(cursor, before);
        }
        else
        {
            query = ImapQuery.UidFrom(cursor.LastUid + 1);
        }

        var told = cursor.LastUid;
        uint[] uids = [.. (await session.Search(query, cancel)).Where(uid => uid > told)];
        foreach (var batch in uids.Chunk(ImapSession.FetchBatch))
        {
            var found = await FetchBatch(batch, cancel);
            foreach (var uid in batch)
            {
                cursor = cursor with { LastUid = uid };
                if (!found.TryGetValue(uid, out var message)) continue;
                if (message is null)
                {
                    yield return new ImapNews.Unreadable(cursor, uid);
                    continue;
                }

                if (!(message.ReceivedAt <= cursor.NewestAt))
                    cursor = cursor with { NewestAt = message.ReceivedAt };
                yield return seen.Add(message)
                    ? new ImapNews.Arrived(cursor, message)
                    : new ImapNews.Repeated(cursor, uid);
            }
        }
    }

    // A server that tells no UIDNEXT is asked for its messages.
    async Task<uint> LastUid(ImapOpenFolder folder, CancellationToken cancel)
    {
        if (folder.UidNext > 0) return folder.UidNext - 1;
        var all = await session.Search(ImapQuery.All, cancel);
        return all.Count > 0 ? all[^1] : 0;
    }

    /// <summary>
    /// Fetches a batch. A message that does not come is gone (expunged meanwhile), or refused: whether it is
    /// still there is asked, and if so it is fetched alone; null stands for one that the server will not
    /// give.
    /// </summary>
    async Task<Dictionary<uint, ImapMessage?>> FetchBatch(uint[] uids, CancellationToken cancel)
    {
        var found = await FetchAll(uids, cancel);
        uint[] missing = [.. uids.Where(uid => !found.ContainsKey(uid))];
        if (missing.Length == 0) return found;
        foreach (var uid in await session.Search(ImapQuery.Uids(missing), cancel))
        {
            if (!missing.Contains(uid)) continue;
            found[uid] = (await FetchAll([uid], cancel)).GetValueOrDefault(uid);
        }

        return found;
    }

    async Task<Dictionary<uint, ImapMessage?>> FetchAll(uint[] uids, CancellationToken cancel)
    {
        var found = new Dictionary<uint, ImapMessage?>();
        try
        {
            await foreach (var message in session.Fetch(uids, Items, cancel))
                if (message.Envelope is not null) found[message.Uid] = message;
        }
        catch (ImapFailed failed) when (
            failed.Failure.Kind is ImapFailureKind.Refused or ImapFailureKind.Busy)
        {
            // NO to a FETCH concerns some of the messages; the others are asked for one by one.
            found.Clear();
        }

        return found;
    }
}
