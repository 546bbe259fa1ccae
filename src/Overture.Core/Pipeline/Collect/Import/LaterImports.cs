using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What an import did to one field: what it held before, and by what it is known after.</summary>
readonly record struct FieldChange(string? Before, short After);

/// <summary>
/// The words of later imports about one record, and how they would stand had an earlier import never been:
/// its changes are taken away from under them.
/// </summary>
sealed class LaterImports
{
    readonly MentionKind kind;
    readonly List<Layer> layers;

    /// <summary>
    /// With <paramref name="isFounder"/> the import taken away had added the record: the first of the later
    /// ones would have added it in its place, whatever its rule says about those who are known.
    /// </summary>
    public LaterImports(MentionKind kind, IEnumerable<ImportMention> later, bool isFounder)
    {
        this.kind = kind;
        layers = [.. later.Select(mention => new Layer(mention))];
        if (isFounder) layers[0].IsFounder = true;
    }

    /// <summary>The words that read otherwise by now.</summary>
    public IEnumerable<ImportMention> Rewritten =>
        layers.Where(layer => layer is { IsDirty: true, IsFounder: false }).Select(layer => layer.Mention with
        {
            Said = Mentions.Write(layer.Said),
            HasChanged = layer.Said.Values.Any(said => said.Length > 1),
        });

    /// <summary>What the first of them said, field by field.</summary>
    public short[] FounderMarks() =>
        [.. RecordFields.Of(kind).Select(field => RecordFields.Mark(layers[0].SaidOf(field)))];

    /// <summary>
    /// What the field would hold now, and by what the value is known that it holds instead if nobody has
    /// changed it since; null where the import taken away makes no difference any more.
    /// </summary>
    public FieldChange? Without(string field, FieldChange change)
    {
        var (value, held) = change;
        foreach (var layer in layers)
        {
            if (layer.SaidOf(field) is not { } said) continue;
            if (layer.Replaced(field) is { } replaced)
            {
                // Somebody changed it in between, and it is their word that this import met.
                if (RecordFields.Mark(replaced[0]) != held) return null;
                held = RecordFields.Mark(replaced[1]);
            }

            var after = layer.Word(value, said, RecordFields.Identifies(kind, field));
            layer.Put(field, value, after, said);
            if (RecordFields.Mark(after) == held) return null;
            value = after;
        }

        return new FieldChange(value, held);
    }

    sealed class Layer(ImportMention mention)
    {
        public ImportMention Mention { get; } = mention;

        public Dictionary<string, string?[]> Said { get; } = Mentions.Read(mention.Said);

        public bool IsFounder { get; set; }

        public bool IsDirty { get; private set; }

        public string? SaidOf(string field) => Said.TryGetValue(field, out var said) ? said[^1] : null;

        /// <summary>Value before and after, where this import changed it.</summary>
        public string?[]? Replaced(string field) => Said[field] is { Length: > 1 } both ? both : null;

        /// <summary>What this import makes of a field that holds so much.</summary>
        public string? Word(string? held, string said, bool identifies)
        {
            if (IsFounder) return said;
            return Mention.Rule switch
            {
                DuplicateRule.Skip => held,
                DuplicateRule.Overwrite when !identifies => said,
                _ => held ?? said,
            };
        }

        public void Put(string field, string? held, string? after, string said)
        {
            Said[field] = held == after ? [said] : [held, after];
            IsDirty = true;
        }
    }
}
