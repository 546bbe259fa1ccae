using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Overture.Testing;

namespace Overture.Mail.Tests;

public sealed partial class DkimSignerTests : IDisposable
{
    readonly RSA key = RSA.Create(2048);

    public void Dispose() => key.Dispose();

    [Fact]
    public void Canonicalises_the_outside_corpus()
    {
        var folder = SharedData.PathOf("email/dkim-canon");
        Assert.SkipWhen(folder is null, "outside test data is absent");
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var bytes =
                File.ReadAllBytes(Path.Combine(folder, row.RootElement.GetProperty("file").GetString()!));
            var expected = row.RootElement.GetProperty("expected").GetProperty("relaxed").GetString();
            Assert.Equal(expected, Relaxed(bytes));
            count++;
        }

        Console.WriteLine(ScoreLine.Of("DKIM relaxed forms, signer", count, count, "-"));
    }

    [Fact]
    public void A_signature_is_right_and_covers_a_header_added_later()
    {
        using var signer = Signer();
        var signed = signer.Sign(Message(), Now);

        Assert.True(Verifies(signed));
        Assert.True(Verifies(Replace(signed, "Subject: Hi", "subject:   Hi ")));
        Assert.False(Verifies(Replace(signed, "Subject: Hi", "Subject: Ho")));
        Assert.False(Verifies(Replace(signed, "line one", "line 0ne")));
        Assert.False(Verifies(Replace(signed, "MIME-Version:", "Subject: second\r\nMIME-Version:")));
        Assert.False(Verifies(
            Replace(signed, "MIME-Version:", "List-Unsubscribe: <https://evil.example>\r\nMIME-Version:")));
    }

    [Fact]
    public void Both_unsubscribe_headers_are_signed()
    {
        using var signer = Signer();
        var names = Tag(Encoding.ASCII.GetString(signer.Sign(Message(), Now)), "h").Split(':');

        Assert.Equal(2, names.Count(n => n == "List-Unsubscribe"));
        Assert.Equal(2, names.Count(n => n == "List-Unsubscribe-Post"));
        Assert.Equal(2, names.Count(n => n == "From"));
        Assert.Equal(1, names.Count(n => n == "Cc"));
    }

    [Fact]
    public void The_header_is_folded_and_the_same_each_time()
    {
        using var signer = Signer();
        var signed = Encoding.ASCII.GetString(signer.Sign(Message(), Now));

        Assert.All(signed.Split("\r\n"), l => Assert.True(l.Length <= 78, l));
        Assert.Equal(signed, Encoding.ASCII.GetString(signer.Sign(Message(), Now)));
        Assert.Equal("s1._domainkey.example.com", signer.RecordName);
        Assert.StartsWith("v=DKIM1; k=rsa; p=MII", signer.Record, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_key_a_strange_name_and_a_missing_From_are_refused()
    {
#pragma warning disable CA5385 // The short key is the point: it must be refused.
        using var weak = RSA.Create(512);
#pragma warning restore CA5385
        Assert.Throws<ArgumentException>(
            () => new DkimSigner("example.com", "s1", weak.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(
            () => new DkimSigner("example.com;x", "s1", key.ExportPkcs8PrivateKeyPem()));
        using var signer = Signer();
        Assert.Throws<ArgumentException>(() => signer.Sign("Subject: x\r\n\r\n"u8, Now));
    }

    static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    DkimSigner Signer() => new("Example.com", "s1", key.ExportPkcs8PrivateKeyPem());

    static byte[] Message() => MimeWriter.Write(new OutgoingEmail
    {
        From = EmailAddress.Parse("Me <me@example.com>"),
        To = [EmailAddress.Parse("you@example.org")],
        Subject = "Hi",
        TextBody = "line one  \nline two\n\n\n",
        MessageId = "<1@example.com>",
        Date = Now,
        ListUnsubscribe = new ListUnsubscribe(new Uri("https://example.com/u/1")),
    });

    static string Relaxed(byte[] bytes)
    {
        using var output = new ByteBuilder(1024);
        // The vectors are stored with either line end.
        var text = Encoding.Latin1.GetString(bytes).ReplaceLineEndings("\r\n");
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = text.StartsWith("\r\n", StringComparison.Ordinal) 
            ? ""
            : end < 0 ? text : text[..(end + 2)];
        var body = end < 0 ? "" : text[(end + 4)..];
        foreach (var field in FieldStart().Split(headers).Where(f => f.Length > 0))
            DkimCanonicalisation.AppendRelaxedHeader(
                Encoding.Latin1.GetBytes(field.TrimEnd('\r', '\n')), output);
        output.Append("\r\n"u8);
        DkimCanonicalisation.AppendRelaxedBody(Encoding.Latin1.GetBytes(body), output);
        return Encoding.Latin1.GetString(output.Written);
    }

    // A verifier written apart from the signer, by RFC 6376 section 6.1.3.
    bool Verifies(byte[] signed)
    {
        var text = Encoding.Latin1.GetString(signed);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var fields = FieldStart().Split(text[..(end + 2)]).Where(f => f.Length > 0).ToList();
        var body = string.Concat(
            text[(end + 4)..].Split("\r\n").Select(l => Spaces().Replace(l, " ").TrimEnd(' ') + "\r\n"));
        body = body.TrimEnd('\r', '\n');
        body = body.Length == 0 ? "" : body + "\r\n";
        if (Convert.ToBase64String(SHA256.HashData(Encoding.Latin1.GetBytes(body))) != Tag(text, "bh"))
            return false;
        var hashed = new StringBuilder();
        var left = fields.Skip(1).ToList();
        foreach (var name in Tag(text, "h").Split(':'))
        {
            var at = left.FindLastIndex(
                f => f.Split(':')[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
            if (at < 0) continue;
            hashed.Append(RelaxedField(left[at])).Append("\r\n");
            left.RemoveAt(at);
        }

        hashed.Append(RelaxedField(SignatureValue().Replace(fields[0], "b=")));
        return key.VerifyData(
            Encoding.Latin1.GetBytes(hashed.ToString()), Convert.FromBase64String(Tag(text, "b")),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    static string RelaxedField(string field)
    {
        var colon = field.IndexOf(':');
        return field[..colon].Trim().ToLowerInvariant() + ":"
            + Spaces().Replace(field[(colon + 1)..].Replace("\r\n", ""), " ").Trim();
    }

    static string Tag(string message, string tag)
    {
        var header = message[..message.IndexOf("\r\nDate:", StringComparison.Ordinal)].Replace("\r\n", "");
        var value = header[(header.IndexOf(':') + 1)..].Split(';').Select(t => t.Trim())
            .First(t => t.StartsWith(tag + "=", StringComparison.Ordinal));
        return value[(tag.Length + 1)..].Replace(" ", "");
    }

    static byte[] Replace(byte[] message, string from, string to)
    {
        var text = Encoding.Latin1.GetString(message);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.Replace(from, to));
    }

    [GeneratedRegex(@"(?<=\r\n)(?![ \t])", RegexOptions.None, 1000)]
    private static partial Regex FieldStart();

    [GeneratedRegex("[ \t]+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<=[\s;])b=[^;]*", RegexOptions.None, 1000)]
    private static partial Regex SignatureValue();
}
