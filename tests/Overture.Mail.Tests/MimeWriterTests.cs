using System.Text;

namespace Overture.Mail.Tests;

public sealed class MimeWriterTests
{
    static readonly OutgoingEmail Plain = new()
    {
        From = EmailAddress.Parse("Ann Lee <ann@example.com>"),
        To = [EmailAddress.Parse("bob@example.org")],
        Subject = "Hello",
        TextBody = "Hi Bob,\n\nshort lines.\n",
        MessageId = "<abc.1@example.com>",
        Date = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromMinutes(-210)),
    };

    [Fact]
    public void A_plain_message_is_these_bytes() => Assert.Equal(
        """
        Date: Wed, 04 Mar 2026 05:06:07 -0330
        From: Ann Lee <ann@example.com>
        To: bob@example.org
        Subject: Hello
        Message-ID: <abc.1@example.com>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit

        Hi Bob,

        short lines.

        """.ReplaceLineEndings("\r\n"), Write(Plain));

    const string Full =
        """
        Date: Wed, 04 Mar 2026 05:06:07 -0330
        From: Ann Lee <ann@example.com>
        Reply-To: "Lee, Ann" <ann@reply.example>
        To: bob@example.org
        Cc: =?utf-8?Q?J=C3=BCrgen_Gro=C3=9F?= <j@xn--bcher-kva.example>,
         c@example.net
        Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=
        Message-ID: <abc.1@example.com>
        In-Reply-To: <first@example.com>
        References: <first@example.com> <second@example.com>
        List-Unsubscribe: <https://example.com/u/abc>,
         <mailto:stop@example.com?subject=abc>
        List-Unsubscribe-Post: List-Unsubscribe=One-Click
        X-Overture-Ref: r-1
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="=_mixed_@"

        --=_mixed_@
        Content-Type: multipart/alternative;
         boundary="=_alternative_@"

        --=_alternative_@
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: base64

        R3LDvMOfZQ0K
        --=_alternative_@
        Content-Type: multipart/related; type="text/html";
         boundary="=_related_@"

        --=_related_@
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: 7bit

        <p>Gr&uuml;&szlig;e <img src="cid:logo@example.com"></p>
        --=_related_@
        Content-Type: image/png; name=logo.png
        Content-Transfer-Encoding: base64
        Content-Disposition: inline; filename=logo.png
        Content-ID: <logo@example.com>

        AQID
        --=_related_@--
        --=_alternative_@--
        --=_mixed_@
        Content-Type: application/pdf; name*=utf-8''Preis%C3%BCbersicht.pdf
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; filename*=utf-8''Preis%C3%BCbersicht.pdf

        JVBERi0=
        --=_mixed_@--

        """;

    [Fact]
    public void A_full_message_is_these_bytes()
    {
        var email = Plain with
        {
            ReplyTo = EmailAddress.Parse("\"Lee, Ann\" <ann@reply.example>"),
            Cc = [EmailAddress.Parse("Jürgen Groß <j@bücher.example>"), EmailAddress.Parse("c@example.net")],
            Subject = "Grüße aus Köln",
            InReplyTo = "<first@example.com>",
            References = ["<first@example.com>", "<second@example.com>"],
            TextBody = "Grüße",
            HtmlBody = "<p>Gr&uuml;&szlig;e <img src=\"cid:logo@example.com\"></p>",
            ListUnsubscribe = new ListUnsubscribe(
                new Uri("https://example.com/u/abc"), new Uri("mailto:stop@example.com?subject=abc")),
            ExtraHeaders = [new EmailHeader("X-Overture-Ref", "r-1")],
            InlineImages =
                [new EmailPart("logo.png", "image/png", new byte[] { 1, 2, 3 }, "logo@example.com")],
            Attachments = [new EmailPart("Preisübersicht.pdf", "application/pdf", "%PDF-"u8.ToArray())],
        };

        Assert.Equal(Full.ReplaceLineEndings("\r\n").Replace("_@", "_b186dbda9d3e7349"), Write(email));
    }

    [Fact]
    public void The_reader_gets_back_what_the_writer_was_given()
    {
        var attachment = new byte[5000];
        new Random(1).NextBytes(attachment);
        var email = Plain with
        {
            Subject = string.Join(' ', Enumerable.Repeat("Ein sehr langer Betreff über Größe 日本語 😀", 6)),
            From = EmailAddress.Parse("ann@example.com").Named("Ann \"the ☃\" Lee"),
            HtmlBody = "<p>" + new string('x', 3000) + " = größer</p>",
            TextBody = "From here\n.dot\n..two\n" + new string('y', 2000) + "\ttab \nend ",
            Attachments =
                [new EmailPart(new string('ä', 120) + ".bin", "application/octet-stream", attachment)],
        };

        var received = MimeReader.Read(MimeWriter.Write(email));

        Assert.Equal(email.Subject, received.Subject);
        Assert.Equal(email.From.DisplayName, received.From[0].Name);
        Assert.Equal(email.TextBody, Body(received, "text/plain"));
        Assert.Equal(email.HtmlBody, Body(received, "text/html"));
        Assert.Equal(email.Attachments[0].FileName, received.Attachments[0].Name);
        Assert.True(attachment.AsSpan().SequenceEqual(received.Attachments[0].Content.Span));
    }

    [Fact]
    public void No_text_breaks_the_line_rules_and_all_come_back()
    {
        var random = new Random(20260304);
        string[] pieces =
            ["a", " ", "  ", "\n", "\r\n", "From ", ".", "..", "=", "--=_mixed_", "ü", "日", "😀", "\t",
            ">", "-- ", "word word word ", new string('z', 90), "\"", "=?utf-8?Q?x?=", "\u0001", "&"];
        for (var i = 0; i < 3000; i++)
        {
            string Text(int most) => string.Concat(
                Enumerable.Range(0, random.Next(most)).Select(_ => pieces[random.Next(pieces.Length)]));
            var subject = Text(30).ReplaceLineEndings("").Trim();
            var email = Plain with { TextBody = Text(40), HtmlBody = Text(40), Subject = subject };
            var bytes = MimeWriter.Write(email);

            AssertLineRules(bytes);
            var received = MimeReader.Read(bytes);
            Assert.Equal(subject, received.Subject ?? "");
            Assert.Equal(Lines(email.TextBody), Lines(Unflowed(received)));
            Assert.Equal(Lines(email.HtmlBody!), Lines(Body(received, "text/html")));
        }
    }

    [Fact]
    public void Long_paragraphs_flow_and_come_back_whole()
    {
        var paragraph = string.Join(' ', Enumerable.Repeat("some words of a long paragraph", 20));
        var text = $"{paragraph}\n> quoted\n From the start\n\n-- \nAnn";
        var bytes = Write(Plain with { TextBody = text });

        Assert.Contains("format=flowed", bytes, StringComparison.Ordinal);
        Assert.Contains("\r\n > quoted\r\n", bytes, StringComparison.Ordinal);
        Assert.Equal(text, Unflowed(MimeReader.Read(Encoding.UTF8.GetBytes(bytes))));
    }

    [Fact]
    public void The_same_message_gives_the_same_bytes_and_another_id_another_boundary()
    {
        var email = Plain with { HtmlBody = "<p>Hi</p>" };

        Assert.Equal(Write(email), Write(email with { }));
        Assert.DoesNotContain(Boundary(Write(email)), Write(email with { MessageId = "<2@example.com>" }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\nBcc: eve@example.com")]
    [InlineData("\nBcc: eve@example.com")]
    [InlineData("\rx")]
    [InlineData("\0")]
    public void No_field_can_break_out_of_its_header(string evil)
    {
        Refuses("Subject", Plain with { Subject = "x" + evil });
        Refuses("MessageId", Plain with { MessageId = $"<a@b{evil}>" });
        Refuses("InReplyTo", Plain with { InReplyTo = $"<a@b{evil}>" });
        Refuses("References", Plain with { References = ["<a@b>", $"<a@b{evil}>"] });
        Refuses("From", Plain with { From = Plain.From.Named("x" + evil) });
        Refuses("To", Plain with { To = [Plain.From, Plain.From.Named(evil + "x")] });
        Refuses("X-Ref", Plain with { ExtraHeaders = [new EmailHeader("X-Ref", "x" + evil)] });
        Refuses("X" + evil, Plain with { ExtraHeaders = [new EmailHeader("X" + evil, "x")] });
        Refuses("Attachments",
            Plain with { Attachments = [new EmailPart("a" + evil, "text/plain", default)] });
        Refuses("Attachments",
            Plain with { Attachments = [new EmailPart("a", "text/plain" + evil, default)] });
        Refuses("InlineImages ContentId",
            Plain with { InlineImages = [new EmailPart("a", "image/png", default, "a@b" + evil)] });
    }

    [Fact]
    public void An_address_that_hides_a_line_break_in_quotes_is_refused()
    {
        var hidden = EmailAddress.Parse("\"a\\\nBcc: x\"@example.com");
        Refuses("To", Plain with { To = [hidden] });
    }

    [Fact]
    public void What_cannot_become_a_correct_header_names_its_field()
    {
        Assert.StartsWith("To", Complaint(Plain with { To = [] }), StringComparison.Ordinal);
        Assert.StartsWith("MessageId", Complaint(Plain with { MessageId = "abc" }), StringComparison.Ordinal);
        Assert.StartsWith("ListUnsubscribe", Complaint(Plain with
        {
            ListUnsubscribe = new ListUnsubscribe(new Uri("http://example.com/u")),
        }), StringComparison.Ordinal);
        Assert.StartsWith("Attachments", Complaint(Plain with
        {
            Attachments = [new EmailPart("m.eml", "message/rfc822", default)],
        }), StringComparison.Ordinal);
        Assert.Contains("header name", Complaint(Plain with
        {
            ExtraHeaders = [new EmailHeader("X Ref", "1")],
        }), StringComparison.Ordinal);
    }

    [Fact]
    public void One_click_needs_an_https_address()
    {
        var mailOnly =
            Plain with { ListUnsubscribe = new ListUnsubscribe(null, new Uri("mailto:stop@example.com")) };

        Assert.DoesNotContain("List-Unsubscribe-Post", Write(mailOnly), StringComparison.Ordinal);
        Assert.Contains(
            "List-Unsubscribe: <mailto:stop@example.com>", Write(mailOnly), StringComparison.Ordinal);
    }

    static string Write(OutgoingEmail email) => Encoding.UTF8.GetString(MimeWriter.Write(email));

    static void Refuses(string field, OutgoingEmail email) =>
        Assert.Equal(field, Assert.Throws<HeaderInjectionException>(() => MimeWriter.Write(email)).Field);

    static string Complaint(OutgoingEmail email) =>
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(email)).Message;

    static string Boundary(string message) => message.Split("boundary=\"")[1].Split('"')[0];

    static string Body(ReceivedEmail received, string type) =>
        received.Leaves().First(p => p.MediaType == type).DecodeText().ReplaceLineEndings("\n");

    // RFC 3676 sections 4.1 and 4.4, written apart from the writer.
    static string Unflowed(ReceivedEmail received)
    {
        var part = received.Leaves().First(p => p.MediaType == "text/plain");
        var text = part.DecodeText().ReplaceLineEndings("\n");
        if (part.ContentType["format"] != "flowed") return text;
        var output = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            var unstuffed = line.StartsWith(' ') ? line[1..] : line;
            output.Append(unstuffed);
            if (!unstuffed.EndsWith(' ') || unstuffed == "-- ") output.Append('\n');
        }

        return output.ToString()[..^1].TrimEnd('\n');
    }

    static string Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n');

    static void AssertLineRules(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text.Replace("\r\n", ""));
        Assert.DoesNotContain('\n', text.Replace("\r\n", ""));
        Assert.All(text.Split("\r\n"), l => Assert.True(l.Length <= 998 && l.All(c => c < 0x80), l));
    }
}
