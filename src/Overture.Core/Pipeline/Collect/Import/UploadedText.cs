using System.Text;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// An upload as a stream of text in which every delimiter is one byte: UTF-16 and workbooks are turned into
/// UTF-8 on the way.
/// </summary>
sealed class UploadedText(Stream content, string? encoding, Stream? owned) : IAsyncDisposable
{
    const int HeadBytes = 4096;

    public Stream Content { get; } = content;

    /// <summary>What it was turned from; null for a file that is read as it came.</summary>
    public string? Encoding { get; } = encoding;

    public static async Task<UploadedText> Open(Stream source, CancellationToken cancel)
    {
        var head = await Head(source, HeadBytes, cancel);
        var whole = new HeadAndRest(head, source);
        if (head.Length == 0)
            throw new RuleBroken(
                "empty_file", "The file is empty. Choose one with a header and rows.", "file");
        if (head.AsSpan().StartsWith("PK\u0003\u0004"u8)) return await Workbook(whole, cancel);
        if (head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Recoded(whole, System.Text.Encoding.Unicode, "UTF-16");
        if (head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Recoded(whole, System.Text.Encoding.BigEndianUnicode, "UTF-16 big endian");
        if (head.AsSpan().Contains((byte)0))
            throw new RuleBroken(
                "not_text",
                "The file is neither a text file nor a workbook of Excel. Save the sheet as CSV or XLSX and "
                + "choose that file.", "file");
        return new UploadedText(whole, null, null);
    }

    /// <summary>The first part of a text, and how it is to be read.</summary>
    public static async Task<(CsvTable Table, byte[] Head)> Table(Stream text, CancellationToken cancel)
    {
        var head = await Head(text, KeptStream.PartBytes, cancel);
        return (CsvTable.Read(head, head.Length < KeptStream.PartBytes), head);
    }

    public async ValueTask DisposeAsync()
    {
        if (owned is not null) await owned.DisposeAsync();
    }

    static UploadedText Recoded(Stream whole, Encoding from, string name)
    {
        var recoded = System.Text.Encoding.CreateTranscodingStream(whole, from, System.Text.Encoding.UTF8);
        return new UploadedText(recoded, name, recoded);
    }

    // A workbook is an archive whose table of contents stands at its end: it is read from a file.
    static async Task<UploadedText> Workbook(Stream whole, CancellationToken cancel)
    {
        await using var file = Temporary();
        var buffer = new byte[81_920];
        for (int read; (read = await whole.ReadAsync(buffer, cancel)) > 0;)
        {
            if (file.Length + read > Imports.MaxBytes) throw Imports.TooLarge(file.Length + read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        file.Position = 0;
        var text = Temporary();
        try
        {
            var sheet = await WorkbookReader.WriteCsv(file, text, cancel);
            text.Position = 0;
            return new UploadedText(text, $"Excel workbook, sheet “{sheet}”", text);
        }
        catch
        {
            await text.DisposeAsync();
            throw;
        }
    }

    static FileStream Temporary() => new(
        Path.Combine(Path.GetTempPath(), $"overture-{Guid.NewGuid():N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });

    static async Task<byte[]> Head(Stream source, int bytes, CancellationToken cancel)
    {
        var head = new byte[bytes];
        var filled = 0;
        while (filled < bytes)
        {
            var read = await source.ReadAsync(head.AsMemory(filled), cancel);
            if (read == 0) break;
            filled += read;
        }

        return head[..filled];
    }
}
