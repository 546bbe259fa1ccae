using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Signs messages by DKIM: rsa-sha256, relaxed/relaxed (RFC 6376, RFC 8301). From, To, Cc, Reply-To,
/// Subject, Date, Message-ID, the threading, MIME and List headers are signed and over-signed, so that
/// nobody can add a second one. Safe for many threads. Ed25519 (RFC 8463) is left out: .NET 10 has no such
/// signature on this platform.
/// </summary>
public sealed class DkimSigner : IDisposable
{
    // RFC 8301 section 3.2.
    const int ShortestKeyBits = 1024;
    const int FoldAt = 72;

    // Each name is listed once more than it occurs (RFC 6376 section 5.4.2).
    static readonly string[] SignedHeaders =
    [
        "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe",
        "List-Unsubscribe-Post", "List-Id", "List-Help", "List-Subscribe", "List-Post", "List-Owner",
        "List-Archive",
    ];

    readonly RSA key;
    readonly string domain;
    readonly string selector;

    /// <summary>
    /// Reads the private key (PEM, PKCS#1 or PKCS#8, RSA of at least 1024 bits; 2048 is right). Throws
    /// <see cref="ArgumentException"/> for a key or name that cannot be used.
    /// </summary>
    public DkimSigner(string domain, string selector, string privateKeyPem)
    {
        this.domain = HostName(domain, nameof(domain));
        this.selector = HostName(selector, nameof(selector));
        key = RSA.Create();
        key.ImportFromPem(privateKeyPem);
        if (key.KeySize >= ShortestKeyBits) return;
        var bits = key.KeySize;
        key.Dispose();
        throw new ArgumentException(
            $"The DKIM key has {bits} bits; {ShortestKeyBits} are the least, 2048 are right.");
    }

    /// <summary>The name of the TXT record that must hold <see cref="Record"/>.</summary>
    public string RecordName => $"{selector}._domainkey.{domain}";

    /// <summary>The TXT record for the public key (RFC 6376 section 3.6.1).</summary>
    public string Record => $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}";

    /// <summary>
    /// The message with a DKIM-Signature in front. <paramref name="message"/> has CRLF line ends, as
    /// <see cref="MimeWriter"/> writes them; a message without a From header is refused.
    /// </summary>
    public byte[] Sign(ReadOnlySpan<byte> message, DateTimeOffset signedAt)
    {
        var headerEnd = message.IndexOf("\r\n\r\n"u8);
        var headers = headerEnd < 0 ? message : message[..(headerEnd + 2)];
        var body = headerEnd < 0 ? default : message[(headerEnd + 4)..];
        var fields = SplitFields(headers);
        using var work = new ByteBuilder(message.Length + 1024);
        DkimCanonicalisation.AppendRelaxedBody(body, work);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(work.Written, hash);
        work.Clear();
        var names = AppendSignedFields(headers, fields, work);
        var unsigned = Template(names, Convert.ToBase64String(hash), signedAt);
        DkimCanonicalisation.AppendRelaxedHeader(Encoding.ASCII.GetBytes(unsigned), work);
        var signature = key.SignData(
            work.Written[..^2], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Join(unsigned, signature, message);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => key.Dispose();

    static string HostName(string name, string parameter)
    {
        var sound = name.Length is > 0 and <= 253
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return sound
            ? name.ToLowerInvariant()
            : throw new ArgumentException($"{name} is no ASCII host name.", parameter);
    }

    static List<Range> SplitFields(ReadOnlySpan<byte> headers)
    {
        var fields = new List<Range>(24);
        var start = 0;
        for (var at = 0; at < headers.Length;)
        {
            var end = headers[at..].IndexOf("\r\n"u8);
            end = end < 0 ? headers.Length : at + end;
            var next = Math.Min(end + 2, headers.Length);
            if (next >= headers.Length || headers[next] is not ((byte)' ' or (byte)'\t'))
            {
                fields.Add(start..end);
                start = next;
            }

            at = next;
        }

        return fields;
    }

    // Instances are taken from the bottom up, as a verifier does (RFC 6376 section 5.4.2).
    static string AppendSignedFields(ReadOnlySpan<byte> headers, List<Range> fields, ByteBuilder work)
    {
        var names = new StringBuilder(512);
        Span<byte> wanted = stackalloc byte[32];
        foreach (var name in SignedHeaders)
        {
            var length = Encoding.ASCII.GetBytes(name, wanted);
            var found = 0;
            for (var i = fields.Count - 1; i >= 0; i--)
            {
                var field = headers[fields[i]];
                if (field.Length <= length || field[length] is not ((byte)':' or (byte)' ')) continue;
                if (!Ascii.EqualsIgnoreCase(field[..length], wanted[..length])) continue;
                DkimCanonicalisation.AppendRelaxedHeader(field, work);
                names.Append(name).Append(':');
                found++;
            }

            if (found == 0 && name == "From")
                throw new ArgumentException("A message without From cannot be signed.");
            names.Append(name).Append(':');
        }

        return names.ToString(0, names.Length - 1);
    }

    string Template(string names, string bodyHash, DateTimeOffset signedAt)
    {
        var header = new StringBuilder("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;", 1024);
        header.Append(CultureInfo.InvariantCulture, $"\r\n d={domain}; s={selector};");
        header.Append(CultureInfo.InvariantCulture, $"\r\n t={signedAt.ToUnixTimeSeconds()};\r\n h=");
        var column = 3;
        foreach (var name in names.Split(':'))
        {
            if (column > 3 && column + name.Length + 1 > FoldAt)
            {
                header.Append("\r\n ");
                column = 1;
            }

            header.Append(name).Append(':');
            column += name.Length + 1;
        }

        header.Length--;
        return header.Append(CultureInfo.InvariantCulture, $";\r\n bh={bodyHash};\r\n b=").ToString();
    }

    static byte[] Join(string unsigned, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message)
    {
        using var output = new ByteBuilder(message.Length + unsigned.Length + 512);
        output.Append(unsigned);
        Span<byte> encoded = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(signature.Length)];
        Base64.EncodeToUtf8(signature, encoded, out _, out _);
        for (var at = 0; at < encoded.Length; at += FoldAt)
        {
            if (at > 0) output.Append("\r\n "u8);
            output.Append(encoded[at..Math.Min(at + FoldAt, encoded.Length)]);
        }

        output.Append("\r\n"u8);
        output.Append(message);
        return output.ToArray();
    }
}
