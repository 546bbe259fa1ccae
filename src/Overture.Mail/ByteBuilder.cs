using System.Buffers;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// A growing buffer of bytes on pooled memory; what is written is copied out once at the end.
/// </summary>
sealed class ByteBuilder(int capacity) : IDisposable
{
    byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Append(byte one)
    {
        Reserve(1)[0] = one;
        Length++;
    }

    /// <summary>Appends text as UTF-8; a lone surrogate becomes U+FFFD.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        if (Ascii.FromUtf16(text, Reserve(text.Length), out var written) != OperationStatus.Done)
            written = Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));
        Length += written;
    }

    /// <summary>
    /// Room for at least <paramref name="count"/> bytes after what is written; then call Advance.
    /// </summary>
    public Span<byte> Reserve(int count)
    {
        if (buffer.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), buffer.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        return buffer.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Clear() => Length = 0;

    /// <summary>Forgets what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    public byte[] ToArray()
    {
        var copy = GC.AllocateUninitializedArray<byte>(Length);
        Written.CopyTo(copy);
        return copy;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Length = 0;
    }
}
