using System.Text;
using System.Text.Unicode;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// What is learned of a file by reading it once: how many rows it has, and in which letters.
/// </summary>
sealed record FileFacts(long Rows, string Encoding)
{
    public static async Task<FileFacts> Count(CsvLayout layout, Stream content, CancellationToken cancel)
    {
        var rows = new CsvRows(content, layout.Delimiter);
        var count = 0L;
        var western = 0L;
        var unicode = 0L;
        var hasMark = false;
        while (await rows.Read(cancel))
        {
            if (!Ascii.IsValid(rows.Raw))
            {
                if (Utf8.IsValid(rows.Raw)) unicode++;
                else western++;
            }

            hasMark |= rows.HasMark;
            if (rows.Line <= layout.HeaderLine || rows.IsBlank) continue;
            if (++count > Imports.MaxRows)
                throw new RuleBroken(
                    "too_many_rows", $"The file has more than {Imports.MaxRows:N0} rows; split it.", "file");
        }

        var encoding = hasMark ? "UTF-8 with byte order mark"
            : western > 0 && unicode == 0 ? "Windows-1252" : "UTF-8";
        var isMixed = western > 0 && (unicode > 0 || hasMark);
        return new FileFacts(count, isMixed ? $"{encoding}, some rows in Windows-1252" : encoding);
    }
}
