using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// One batch's part in the records of one kind while it is taken back: which values go back, which words of
/// later imports read otherwise by then, and what those imports inherit.
/// </summary>
sealed class RecordUndo(MentionKind kind)
{
    readonly Dictionary<long, Dictionary<string, FieldChange>> changes = [];
    readonly List<ImportMention> rewritten = [];

    /// <summary>The first later word about each record that its import would have added.</summary>
    public List<(ImportMention Mention, short[] Marks)> Founders { get; } = [];

    public long[] Records => [.. changes.Keys];

    /// <summary>Records that the batch added and that others rely on; marks may be absent.</summary>
    public void TakeAdded(
        long[] added, short[] marks, IReadOnlySet<long> held, ILookup<long, ImportMention> later)
    {
        var fields = RecordFields.Of(kind);
        var isMarked = marks.Length == added.Length * fields.Count;
        foreach (var (at, id) in added.Index())
        {
            if (!held.Contains(id)) continue;
            var words = new LaterImports(kind, later[id], isFounder: true);
            for (var field = 0; isMarked && field < fields.Count; field++)
                Note(id, fields[field], words.Without(
                    fields[field], new FieldChange(null, marks[(at * fields.Count) + field])));
            Founders.Add((later[id].First(), words.FounderMarks()));
            rewritten.AddRange(words.Rewritten);
        }
    }

    /// <summary>Records that were there before the batch and that it changed.</summary>
    public void TakeChanged(IReadOnlyList<ImportMention> changed, ILookup<long, ImportMention> later)
    {
        foreach (var mention in changed)
        {
            var id = mention.RecordId;
            var words = new LaterImports(kind, later[id].Where(word => word.Id > mention.Id), false);
            foreach (var (field, said) in Mentions.Read(mention.Said))
                if (said.Length > 1)
                    Note(id, field, words.Without(
                        field, new FieldChange(said[0], RecordFields.Mark(said[1]))));
            rewritten.AddRange(words.Rewritten);
        }
    }

    /// <summary>
    /// The values to go back to; null where nothing changes. What was changed by anybody since stays.
    /// </summary>
    public string?[]? Back(long id, string?[] now)
    {
        var fields = RecordFields.Of(kind);
        string?[]? back = null;
        for (var at = 0; at < fields.Count; at++)
        {
            if (!changes[id].TryGetValue(fields[at], out var change) || now[at] == change.Before
                || RecordFields.Mark(now[at]) != change.After) continue;
            back ??= [.. now];
            back[at] = change.Before;
        }

        return back;
    }

    /// <summary>The words of later imports as they read by now.</summary>
    public async Task KeepWords(Session session, CancellationToken cancel)
    {
        await ImportMentionStore.Rewrite(session, rewritten, cancel);
        await ImportMentionStore.Delete(session, [.. Founders.Select(founder => founder.Mention)], cancel);
    }

    void Note(long id, string field, FieldChange? change)
    {
        if (change is not { } known) return;
        if (!changes.TryGetValue(id, out var fields)) changes[id] = fields = [];
        fields[field] = known;
    }
}
