using System.Text;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// What a batch said about those who were there already, in the form in which it is kept; and the marks by
/// which the values of new ones are known again.
/// </summary>
static class Mentions
{
    public static List<ImportMention> Of(IReadOnlyList<ContactPool.Entry> met) =>
    [
        .. met.Where(entry => entry.IsMentioned).OrderBy(entry => entry.Id).Select(entry => Of(
            entry.Id, entry.Line, RecordFields.OfContact, RecordFields.Of(entry.Before!),
            RecordFields.Of(entry.Current), entry.Said is { } said ? RecordFields.Of(said) : null)),
    ];

    public static List<ImportMention> Of(IReadOnlyList<CompanyPool.Entry> met) =>
    [
        .. met.Where(entry => entry.IsMentioned).OrderBy(entry => entry.Id).Select(entry => Of(
            entry.Id, null, RecordFields.OfCompany, RecordFields.Of(entry.Before!),
            RecordFields.Of(entry.Current), entry.Said is { } said ? RecordFields.Of(said) : null)),
    ];

    public static Dictionary<string, string?[]> Read(string said) =>
        JsonSerializer.Deserialize<Dictionary<string, string?[]>>(said, JobJson.Options)!;

    public static string Write(IReadOnlyDictionary<string, string?[]> said) =>
        JsonSerializer.Serialize(said, JobJson.Options);

    /// <summary>The marks of many records, one after the other.</summary>
    public static short[] Marks(IReadOnlyList<string?[]> records, int fields)
    {
        var marks = new short[records.Count * fields];
        var at = 0;
        foreach (var record in records)
            foreach (var value in record) marks[at++] = RecordFields.Mark(value);
        return marks;
    }

    static ImportMention Of(
        long id, long? line, IReadOnlyList<string> fields, string?[] before, string?[] after, string?[]? said)
    {
        using var text = new MemoryStream();
        var hasChanged = false;
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            for (var at = 0; at < fields.Count; at++)
            {
                var isChanged = before[at] != after[at];
                hasChanged |= isChanged;
                if (!isChanged && said?[at] is null) continue;
                json.WriteStartArray(fields[at]);
                if (isChanged) json.WriteStringValue(before[at]);
                json.WriteStringValue(isChanged ? after[at] : said![at]);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return new ImportMention
        {
            RecordId = id, Line = line, HasChanged = hasChanged,
            Said = Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length),
        };
    }
}
