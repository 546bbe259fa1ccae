using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Overture.Mail.Dns;

/// <summary>DNS messages on the wire (RFC 1035 section 4, EDNS of RFC 6891).</summary>
static class DnsMessage
{
    const int HeaderBytes = 12;
    const int LongestName = 255;
    const int MostPointers = 64;
    const int MostRecords = 512;
    const int MostAliases = 8;
    const ushort InternetClass = 1;
    const ushort OptType = 41;

    /// <summary>The UDP payload size offered (DNS flag day 2020).</summary>
    public const int UdpPayloadBytes = 1232;

    /// <summary>A query for one name; null when the name cannot be put on the wire.</summary>
    public static byte[]? Query(ushort id, string name, DnsType type)
    {
        var labels = name.TrimEnd('.').Split('.');
        if (labels.Any(label => label.Length is 0 or > 63 || !Ascii.IsValid(label))) return null;
        var question = new List<byte>(HeaderBytes + name.Length + 17);
        question.AddRange([(byte)(id >> 8), (byte)id, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 1]);
        foreach (var label in labels)
        {
            question.Add((byte)label.Length);
            question.AddRange(Encoding.ASCII.GetBytes(label));
        }

        question.AddRange([0, 0, (byte)type, 0, (byte)InternetClass]);
        if (question.Count - HeaderBytes - 4 > LongestName) return null;
        question.AddRange(
            [0, 0, (byte)OptType, UdpPayloadBytes >> 8, UdpPayloadBytes & 0xff, 0, 0, 0, 0, 0, 0]);
        return [.. question];
    }

    /// <summary>Whether a reply belongs to a query: same id, a response, the same question.</summary>
    public static bool Answers(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> query)
    {
        if (reply.Length < HeaderBytes || reply[0] != query[0] || reply[1] != query[1]) return false;
        if ((reply[2] & 0x80) == 0) return false;
        // A server that cannot read a query may return the header alone; the code then says why.
        if (BinaryPrimitives.ReadUInt16BigEndian(reply[4..]) == 0) return (reply[3] & 0x0f) != 0;
        var question = query[HeaderBytes..^11];
        return reply.Length >= HeaderBytes + question.Length
            && Ascii.EqualsIgnoreCase(reply.Slice(HeaderBytes, question.Length), question);
    }

    /// <summary>Whether the reply was cut short and must be asked for again over TCP.</summary>
    public static bool IsTruncated(ReadOnlySpan<byte> reply) => (reply[2] & 0x02) != 0;

    /// <summary>Reads a reply; a broken one is a server failure.</summary>
    public static DnsAnswer Read(ReadOnlySpan<byte> reply, string name, DnsType type)
    {
        switch (reply[3] & 0x0f)
        {
            case 0:
                break;
            case 3:
                return DnsAnswer.Empty(DnsOutcome.NoSuchName);
            default:
                return DnsAnswer.Empty(DnsOutcome.ServerFailure);
        }

        try
        {
            return Follow(Answers(reply), name.TrimEnd('.'), type);
        }
        catch (Exception broken) when (
            broken is FormatException or ArgumentException or IndexOutOfRangeException)
        {
            return DnsAnswer.Empty(DnsOutcome.ServerFailure);
        }
    }

    static DnsAnswer Follow(List<(string Owner, DnsRecord Record)> all, string name, DnsType type)
    {
        for (var step = 0; step <= MostAliases; step++)
        {
            var here = all.Where(one => one.Owner.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
            var found = here.Where(one => one.Record.Type == type).Select(one => one.Record).ToArray();
            if (found.Length > 0) return new DnsAnswer(DnsOutcome.Records, found);
            var alias = here.FirstOrDefault(one => one.Record.Type == DnsType.Cname).Record;
            if (alias is null) return DnsAnswer.Empty(DnsOutcome.NoSuchRecord);
            name = alias.Value;
        }

        return DnsAnswer.Empty(DnsOutcome.ServerFailure);
    }

    static List<(string Owner, DnsRecord Record)> Answers(ReadOnlySpan<byte> reply)
    {
        var questions = BinaryPrimitives.ReadUInt16BigEndian(reply[4..]);
        var answers = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(reply[6..]), (ushort)MostRecords);
        var at = HeaderBytes;
        for (var i = 0; i < questions; i++)
        {
            Name(reply, ref at);
            at += 4;
        }

        var all = new List<(string, DnsRecord)>(answers);
        for (var i = 0; i < answers; i++)
        {
            var owner = Name(reply, ref at);
            var type = BinaryPrimitives.ReadUInt16BigEndian(reply[at..]);
            var life = BinaryPrimitives.ReadUInt32BigEndian(reply[(at + 4)..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(reply[(at + 8)..]);
            at += 10;
            if (Record(reply, at, length, type, life) is { } record) all.Add((owner, record));
            at += length;
        }

        return all;
    }

    static DnsRecord? Record(ReadOnlySpan<byte> reply, int at, int length, ushort type, uint life)
    {
        var data = reply.Slice(at, length);
        // RFC 2181 section 8: a time to live with the top bit set means zero.
        var keep = TimeSpan.FromSeconds(life > int.MaxValue ? 0 : life);
        switch ((DnsType)type)
        {
            case DnsType.A when length == 4:
            case DnsType.Aaaa when length == 16:
                return new DnsRecord((DnsType)type, new IPAddress(data).ToString(), 0, keep);
            case DnsType.Mx:
                var host = at + 2;
                var preference = BinaryPrimitives.ReadUInt16BigEndian(data);
                return new DnsRecord(DnsType.Mx, Name(reply, ref host), preference, keep);
            case DnsType.Ptr or DnsType.Cname:
                var name = at;
                return new DnsRecord((DnsType)type, Name(reply, ref name), 0, keep);
            case DnsType.Txt:
                return new DnsRecord(DnsType.Txt, Text(data), 0, keep);
            default:
                return null;
        }
    }

    static string Text(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(data.Length);
        while (data.Length > 0)
        {
            text.Append(Encoding.Latin1.GetString(data.Slice(1, data[0])));
            data = data[(data[0] + 1)..];
        }

        return text.ToString();
    }

    static string Name(ReadOnlySpan<byte> reply, ref int at)
    {
        var name = new StringBuilder();
        var (position, jumps, end) = (at, 0, -1);
        while (true)
        {
            int length = reply[position];
            if (length == 0) break;
            if ((length & 0xc0) == 0xc0)
            {
                if (end < 0) end = position + 2;
                if (++jumps > MostPointers) throw new FormatException("A name points in circles.");
                position = ((length & 0x3f) << 8) | reply[position + 1];
                continue;
            }

            if (length > 63) throw new FormatException("A label is too long.");
            if (name.Length > 0) name.Append('.');
            name.Append(Encoding.Latin1.GetString(reply.Slice(position + 1, length)));
            if (name.Length > LongestName) throw new FormatException("A name is too long.");
            position += length + 1;
        }

        at = end < 0 ? position + 1 : end;
        return name.ToString();
    }
}
