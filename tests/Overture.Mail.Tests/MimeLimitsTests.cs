using System.Text;

namespace Overture.Mail.Tests;

/// <summary>Messages made to exhaust a reader: deep, many, long and growing.</summary>
public class MimeLimitsTests
{
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(3);

    const string Multipart = "Content-Type: multipart/mixed; boundary=b\n\n";

    static string Many(string piece, int count) => new StringBuilder().Insert(0, piece, count).ToString();

    public static TheoryData<string, string> Hostile => new()
    {
        { "nested multiparts", string.Concat(Enumerable.Range(0, 20_000).Select(
            level => $"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n")) },
        { "nested messages", Many("Content-Type: message/rfc822\n\n", 100_000) },
        { "nested boundaries of one name", Many(Multipart + "--b\n", 50_000) },
        { "parts", Multipart + Many("--b\n\n", 500_000) },
        { "named parts without end", Multipart + Many("--b\nContent-Type: a/b; name=x\n", 100_000) },
        { "fields", Many("X: y\n", 500_000) + "\nbody" },
        { "one long field", "Subject: " + Many("=?utf-8?Q?a?= ", 300_000) + "\n\n" },
        { "folds", "Subject: a" + Many("\n b", 500_000) + "\n\n" },
        { "dashes", Multipart + Many("--\n", 1_000_000) },
        { "guesses", "Content-Type: multipart/mixed\n\n" + Many("--abcdefgh\n--ijklmnop\n", 200_000) },
        { "no boundary inside", Many("Content-Type: multipart/mixed\n\n--abcdef\n", 20_000) },
        { "addresses", "To: " + Many("a@b.example,", 300_000) + "\n\n" },
        { "encoded messages", Encoded(12) },
        { "parameters", "Content-Type: a/b" + Many("; a*0=x", 100_000) + "\n\n" },
        { "html", "Content-Type: text/html\n\n" + Many("<div><blockquote>a", 100_000) },
    };

    /// <summary>A message in base64 in a message in base64, and so on.</summary>
    static string Encoded(int levels)
    {
        var message = "Subject: x\n\nbody";
        for (var level = 0; level < levels; level++)
        {
            var body = Convert.ToBase64String(Encoding.ASCII.GetBytes(message));
            message = $"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{body}";
        }

        return message;
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_message_is_read_in_bounded_time(string name, string message)
    {
        var bytes = Encoding.ASCII.GetBytes(message);
        var spent = TimeOf.Run(() => MimeScoreTests.Touch(MimeReader.Read(bytes)));
        Assert.True(spent < Enough, $"{name} took {spent.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public void Depth_is_bounded_and_what_lies_deeper_stays_text()
    {
        const string Level = Multipart + "--b\n";
        var limits = MimeLimits.Default with { Depth = 3 };
        Assert.Equal(3, Depth(MimeReader.Read(Encoding.ASCII.GetBytes(Many(Level, 10)), limits).Root));
        Assert.Equal(10, Depth(MimeReader.Read(Encoding.ASCII.GetBytes(Many(Level, 10) + "\nx")).Root));
    }

    static int Depth(MimePart part) => part.Children.Count == 0 ? 0 : 1 + part.Children.Max(Depth);

    [Fact]
    public void Parts_fields_and_decoded_bytes_are_bounded()
    {
        var limits = new MimeLimits { Parts = 5, HeaderFields = 7, DecodedBytes = 100, BodyBytes = 10 };
        var message = Many("X: y\n", 20) + "Content-Type: multipart/mixed; boundary=b\n" ;
        var fields = MimeReader.Read(Encoding.ASCII.GetBytes(message + "\n"), limits).Headers.Count;
        Assert.Equal(7, fields);
        var parts = Multipart + Many("--b\n\nx\n", 20);
        Assert.Equal(5, MimeReader.Read(Encoding.ASCII.GetBytes(parts), limits).Root.Children.Count);
        var body = "Content-Transfer-Encoding: base64\n\n" + Many("QUFB", 1_000);
        var email = MimeReader.Read(Encoding.ASCII.GetBytes(body), limits);
        Assert.True(email.Root.Content.Length <= 100);
        Assert.Equal(10, email.Text!.Length);
    }
}
