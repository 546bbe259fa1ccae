using System.Buffers;
using System.Text;

namespace Overture.Testing;

/// <summary>
/// What the client sends, read strictly: only CRLF ends a line, only CRLF.CRLF ends a message.
/// </summary>
sealed class SmtpSinkInput
{
    const int ReadSize = 64 * 1024;
    readonly ArrayBufferWriter<byte> buffer = new(ReadSize);
    int start;

    public bool HasLine => Pending.IndexOf("\r\n"u8) >= 0;

    ReadOnlySpan<byte> Pending => buffer.WrittenSpan[start..];

    public async Task<string?> ReadLine(Stream stream, CancellationToken stop)
    {
        int end;
        while ((end = Pending.IndexOf("\r\n"u8)) < 0)
        {
            if (!await Fill(stream, stop)) return null;
        }

        var line = Encoding.UTF8.GetString(Pending[..end]);
        start += end + 2;
        return line;
    }

    /// <summary>
    /// The message as it stood on the wire, without its final dot; null when the client left.
    /// </summary>
    public async Task<byte[]?> ReadMessage(Stream stream, CancellationToken stop)
    {
        var from = 0;
        while (true)
        {
            var pending = Pending;
            if (pending.StartsWith(".\r\n"u8))
            {
                start += 3;
                return [];
            }

            var end = pending[from..].IndexOf("\r\n.\r\n"u8);
            if (end >= 0)
            {
                var wire = pending[..(from + end + 2)].ToArray();
                start += from + end + 5;
                return wire;
            }

            from = Math.Max(0, pending.Length - 4);
            if (!await Fill(stream, stop)) return null;
        }
    }

    /// <summary>Exactly this many bytes; null when the client left.</summary>
    public async Task<byte[]?> ReadBytes(int count, Stream stream, CancellationToken stop)
    {
        while (buffer.WrittenCount - start < count)
        {
            if (!await Fill(stream, stop)) return null;
        }

        var bytes = Pending[..count].ToArray();
        start += count;
        return bytes;
    }

    public static byte[] Unstuff(byte[] wire)
    {
        var message = new List<byte>(wire.Length);
        for (var i = 0; i < wire.Length; i++)
        {
            var atLineStart = i == 0 || (i >= 2 && wire[i - 2] == '\r' && wire[i - 1] == '\n');
            if (atLineStart && wire[i] == '.') continue;
            message.Add(wire[i]);
        }

        return [.. message];
    }

    /// <summary>Reads until the client goes away.</summary>
    public async Task Drain(Stream stream, CancellationToken stop)
    {
        while (await Fill(stream, stop)) start = buffer.WrittenCount;
    }

    async Task<bool> Fill(Stream stream, CancellationToken stop)
    {
        if (start == buffer.WrittenCount)
        {
            buffer.ResetWrittenCount();
            start = 0;
        }

        var count = await stream.ReadAsync(buffer.GetMemory(ReadSize), stop);
        buffer.Advance(count);
        return count > 0;
    }
}
