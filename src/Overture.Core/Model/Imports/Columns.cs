namespace Overture.Core.Model;

/// <summary>Rows turned into columns, as a statement over a whole batch takes them.</summary>
static class Columns
{
    public static TValue[] Column<TRow, TValue>(this IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var at = 0; at < column.Length; at++) column[at] = value(rows[at]);
        return column;
    }
}
