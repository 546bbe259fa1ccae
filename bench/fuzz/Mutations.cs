using System.Text;

namespace Overture.Fuzz;

/// <summary>
/// Seeded damage to a file: the same seed gives the same bytes, so that every finding can be run again.
/// </summary>
sealed class Mutations(IReadOnlyList<byte[]> seeds)
{
    const int MaxBytes = 256 * 1024;
    const int MaxEdits = 12;

    static readonly byte[][] Words = [.. new[]
    {
        "\r\n", "\n", "\r", "\0", "\r\n\r\n", "\n--", "--", "\t", " ", "=", "=?utf-8?Q?",
        "=?iso-2022-jp?B?", "?=", "\"", "\\", "(", ")", "<", ">", "<<", ",", ";", ":", "@",
        "boundary=\"a\"", "Content-Type: multipart/mixed; boundary=a\r\n",
        "Content-Type: message/rfc822\r\n\r\n", "Content-Transfer-Encoding: base64\r\n", "charset=utf-16",
        "charset=utf-7", "charset=hz-gb-2312", "filename*0*=utf-8''%E2", "filename*99999999999=x", "+AAA-",
        "<div>", "</div>", "<!--", "-->", "<a href='", "<blockquote>", "<table><tr><td>", "<svg><style>",
        "&#x0;", "&amp;", "\uFEFF", "\u202E", "{4294967295}\r\n", "* OK [", "BODY[", "NIL",
        "(((((((((((((((((((((((", "begin 644 x\n", "=ybegin line=128 size=1 name=x\n", "%00", "é",
        "99999999999999999999",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The damaged file of this number, and the seed it was made from.</summary>
    public (byte[] Input, int Seed) Make(int number)
    {
        var random = new Random(number);
        var seed = random.Next(seeds.Count);
        var bytes = new List<byte>(seeds[seed]);
        var edits = random.Next(1, MaxEdits);
        for (var edit = 0; edit < edits && bytes.Count > 0; edit++) Edit(bytes, random);
        if (bytes.Count > MaxBytes) bytes.RemoveRange(MaxBytes, bytes.Count - MaxBytes);
        return ([.. bytes], seed);
    }

    void Edit(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(bytes.Count - at, 1 << random.Next(0, 12));
        switch (random.Next(9))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes.RemoveRange(at, length); break;
            case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 4: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
            case 5: bytes.RemoveRange(at, bytes.Count - at); break;
            case 6: Splice(bytes, at, random); break;
            case 7: Repeat(bytes, at, random); break;
            default: bytes.InsertRange(at, Words[random.Next(Words.Length)]); break;
        }
    }

    void Splice(List<byte> bytes, int at, Random random)
    {
        var other = seeds[random.Next(seeds.Count)];
        if (other.Length == 0) return;
        var from = random.Next(other.Length);
        bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 4096))]);
    }

    /// <summary>Thousands of one word find what grows faster than its input.</summary>
    static void Repeat(List<byte> bytes, int at, Random random)
    {
        var word = random.Next(3) > 0
            ? Words[random.Next(Words.Length)]
            : [.. bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 80)))];
        var times = 1 << random.Next(2, 13);
        var room = Math.Max(0, (MaxBytes - bytes.Count) / Math.Max(1, word.Length));
        for (var count = 0; count < Math.Min(times, room); count++) bytes.InsertRange(at, word);
    }
}
