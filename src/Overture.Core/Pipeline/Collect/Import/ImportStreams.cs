using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A stream that is only ever read from its beginning to its end.</summary>
abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancel = default);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is ever written.
    }
}

/// <summary>Bytes that were read already, and the stream they came from.</summary>
sealed class HeadAndRest(byte[] head, Stream rest) : ForwardStream
{
    int given;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        if (given == head.Length) return await rest.ReadAsync(buffer, cancel);
        var count = Math.Min(buffer.Length, head.Length - given);
        head.AsMemory(given, count).CopyTo(buffer);
        given += count;
        return count;
    }
}

/// <summary>Passes on what it reads, and keeps it in the database part by part.</summary>
sealed class KeptStream(Stream source, Session session, long importId) : ForwardStream
{
    public const int PartBytes = 1024 * 1024;

    readonly byte[] part = new byte[PartBytes];
    int inPart;
    int position;

    public long Bytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        var read = await source.ReadAsync(
            buffer[..Math.Min(buffer.Length, PartBytes - inPart)], cancel);
        Bytes += read;
        if (Bytes > Imports.MaxBytes) throw Imports.TooLarge(Bytes);
        buffer[..read].CopyTo(part.AsMemory(inPart));
        inPart += read;
        if (inPart == PartBytes || (read == 0 && inPart > 0)) await Keep(cancel);
        return read;
    }

    async Task Keep(CancellationToken cancel)
    {
        await ImportPartStore.Insert(session, importId, position++, part[..inPart], cancel);
        inPart = 0;
    }
}

/// <summary>The file of an import, read back part by part.</summary>
sealed class ImportContent(Database database, long workspaceId, long importId) : ForwardStream
{
    byte[] part = [];
    int given;
    int position;
    bool isEnded;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        if (given == part.Length && !isEnded) await Next(cancel);
        var count = Math.Min(buffer.Length, part.Length - given);
        part.AsMemory(given, count).CopyTo(buffer);
        given += count;
        return count;
    }

    /// <summary>The first part: enough to know how the file is read.</summary>
    public static async Task<CsvTable> Table(
        Database database, long workspaceId, long importId, CancellationToken cancel)
    {
        var head = await database.InWorkspace(
            workspaceId, session => ImportPartStore.Find(session, importId, 0, cancel), cancel)
            ?? throw new RuleBroken(
                "file_forgotten", "The file of this import is no longer kept. Upload it again.");
        return CsvTable.Read(head, head.Length < KeptStream.PartBytes);
    }

    async Task Next(CancellationToken cancel)
    {
        var next = await database.InWorkspace(
            workspaceId, session => ImportPartStore.Find(session, importId, position++, cancel), cancel);
        isEnded = next is null;
        part = next ?? [];
        given = 0;
    }
}
