using System.Text;

namespace Overture.Mail.Tests;

public class MimeReaderTests
{
    static ReceivedEmail Read(string message) => MimeReader.Read(Encoding.Latin1.GetBytes(message));

    static string Shape(MimePart part) => part.Children.Count == 0
        ? part.MediaType
        : $"{part.MediaType}({string.Join(",", part.Children.Select(Shape))})";

    [Fact]
    public void A_plain_message_is_read()
    {
        var email = Read("""
            From: Ann <ann@example.com>
            To: bob@example.com, Carl <carl@example.com>
            Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
            Date: Fri, 21 Nov 1997 09:55:06 -0600
            Message-ID: <1@example.com>
            In-Reply-To: <0@example.com>
            References: <a@example.com>
             <0@example.com>

            Hello
            """);
        Assert.Equal("Grüße", email.Subject);
        Assert.Equal(new MailboxAddress("Ann", "ann@example.com"), Assert.Single(email.From));
        Assert.Equal(["bob@example.com", "carl@example.com"], email.To.Select(to => to.Address));
        Assert.Equal(new DateTimeOffset(1997, 11, 21, 9, 55, 6, TimeSpan.FromHours(-6)), email.Date);
        Assert.Equal("1@example.com", email.MessageId);
        Assert.Equal(["0@example.com"], email.InReplyTo);
        Assert.Equal(["a@example.com", "0@example.com"], email.References);
        Assert.Equal("Hello", email.Text);
        Assert.Null(email.Html);
        Assert.Empty(email.Attachments);
    }

    [Fact]
    public void Alternatives_pictures_and_files_find_their_places()
    {
        var email = Read("""
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain

            words
            --a
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html

            <img src="cid:pic@x">
            --r
            Content-Type: image/png
            Content-ID: <pic@x>
            Content-Transfer-Encoding: base64

            aGVsbG8=
            --r--
            --a--
            --m
            Content-Type: application/pdf; name="a.pdf"
            Content-Disposition: attachment

            12345
            --m--
            """);
        Assert.Equal(
            "multipart/mixed(multipart/alternative(text/plain,multipart/related(text/html,image/png)),"
            + "application/pdf)",
            Shape(email.Root));
        Assert.Equal("words", email.Text);
        Assert.Equal("<img src=\"cid:pic@x\">", email.Html);
        Assert.False(email.TextIsFromHtml);
        Assert.Collection(
            email.Attachments,
            picture =>
            {
                Assert.Equal(("image/png", "pic@x"), (picture.Type, picture.ContentId));
                Assert.Equal((5, true), (picture.Size, picture.IsInline));
            },
            file => Assert.Equal(("a.pdf", 5, false), (file.Name, file.Size, file.IsInline)));
    }

    [Fact]
    public void Text_before_and_after_a_picture_is_joined()
    {
        var email = Read("""
            Content-Type: multipart/mixed; boundary=m

            --m

            before
            --m
            Content-Type: image/gif

            GIF
            --m

            after
            --m--
            """);
        Assert.Equal("before\nafter", email.Text);
        Assert.Equal("image/gif", Assert.Single(email.Attachments).Type);
    }

    [Fact]
    public void A_message_of_HTML_only_has_text_too()
    {
        var email = Read("Content-Type: text/html\n\n<p>Hello <b>Bob</b></p><p>Bye</p>");
        Assert.Equal("Hello Bob\n\nBye", email.Text);
        Assert.True(email.TextIsFromHtml);
    }

    [Fact]
    public void A_forwarded_message_is_a_message()
    {
        var email = Read("""
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: message/rfc822

            Subject: inner
            Content-Type: multipart/mixed; boundary=n

            --n

            inner text
            --n--
            --m
            Content-Type: message/rfc822
            Content-Transfer-Encoding: base64

            U3ViamVjdDogZW5jb2RlZAoKYm9keQ==
            --m
            Content-Type: text/rfc822-headers

            Subject: headers only
            Message-ID: <9@x>
            --m
            Content-Type: message/rfc822

            this is no message
            --m--
            """);
        var messages = email.Root.Children.Select(part => part.Message).ToList();
        Assert.Equal("inner", messages[0]!.Subject);
        Assert.Equal("inner text", messages[0]!.Text);
        Assert.Equal("encoded", messages[1]!.Subject);
        Assert.Equal("body", messages[1]!.Text);
        Assert.Equal("9@x", messages[2]!.MessageId);
        Assert.Null(messages[3]);
        Assert.Null(email.Text);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Line_ends_of_every_kind_are_read(string lineEnd)
    {
        const string Message = "From sender Fri Apr 06 16:46:09 2001\nSubject: a\n b\n"
            + "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\ntwo\n--x--\n";
        var email = Read(Message.Replace("\n", lineEnd, StringComparison.Ordinal));
        Assert.Equal("a b", email.Subject);
        Assert.Equal("one\ntwo", email.Text);
    }

    [Theory]
    [InlineData("--x\n\nbody", "body")]
    [InlineData("--x\n\nbody\n--x", "body")]
    [InlineData("--x  \n\nbody\n--x--  \nepilogue", "body")]
    [InlineData("preamble\n--x\n\nbody\n--x--", "body")]
    [InlineData("--other\n\nbody\n--other--", "body")]
    [InlineData("only text", "only text")]
    public void Missing_and_wrong_delimiters_lose_no_text(string body, string text) =>
        Assert.Equal(text, Read($"Content-Type: multipart/mixed; boundary=x\n\n{body}").Text);

    [Fact]
    public void A_part_left_open_ends_with_its_parent()
    {
        var email = Read("""
            Content-Type: multipart/mixed; boundary=out

            --out
            Content-Type: multipart/mixed; boundary=in

            --in

            first
            --out

            second
            --out--
            """);
        Assert.Equal("multipart/mixed(multipart/mixed(text/plain),text/plain)", Shape(email.Root));
        Assert.Equal("first\nsecond", email.Text);
    }

    [Fact]
    public void The_same_boundary_on_two_levels_belongs_to_the_inner_one()
    {
        var email = Read("""
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: multipart/mixed; boundary=x

            --x

            first
            --x

            second
            --x--
            --x--
            """);
        Assert.Equal("multipart/mixed(multipart/mixed(text/plain,text/plain))", Shape(email.Root));
    }

    [Theory]
    [InlineData("Subject: a\nthis is no field\nFrom: b@example.com\n\nbody", "body")]
    [InlineData("Subject: a\nFrom: b@example.com\nNo empty line\nand more", "No empty line\nand more")]
    [InlineData("\n\nSubject: a\nFrom: b@example.com\n\nbody", "body")]
    [InlineData(">From x\nSubject : a\nFrom: b@example.com\n\nbody", "body")]
    public void Broken_heads_are_read_as_meant(string message, string text)
    {
        var email = Read(message);
        Assert.Equal("a", email.Subject);
        Assert.Equal("b@example.com", Assert.Single(email.From).Address);
        Assert.Equal(text, email.Text);
    }

    [Fact]
    public void A_part_without_a_head_may_begin_like_one()
    {
        var email = Read("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nFrom: Bob\nSubject: hi\n--x--");
        Assert.Equal("From: Bob\nSubject: hi", email.Text);
    }

    [Fact]
    public void Raw_eight_bit_headers_are_read()
    {
        Assert.Equal("Frösche", Read("Subject: Fr\u00f6sche\n\n").Subject);
        Assert.Equal("Frösche", MimeReader.Read("Subject: Frösche\n\n"u8.ToArray()).Subject);
        const string Russian = "Subject: \u00f0\u00d2\u00c9\u00d7\u00c5\u00d4\n";
        Assert.Equal("Привет", Read(Russian + "Content-Type: text/plain; charset=koi8-r\n\n").Subject);
    }

    [Fact]
    public void Duplicate_address_fields_are_read_with_care()
    {
        const string From = "From: a@example.com\nFrom: forged@example.com\n";
        var email = Read(From + "To: b@example.com\nTo: b@example.com, c@example.com\n\n");
        Assert.Equal(["a@example.com"], email.From.Select(from => from.Address));
        Assert.Equal(["b@example.com", "c@example.com"], email.To.Select(to => to.Address));
    }

    [Fact]
    public void A_file_name_cannot_leave_its_folder()
    {
        static string? Name(string given) =>
            Read($"Content-Type: a/b; name=\"{given}\"\n\nx").Attachments[0].Name;
        Assert.Equal("passwd", Name("../../etc/passwd"));
        Assert.Equal("b.exe", Name("C:\\\\dir\\\\b.exe"));
        Assert.Equal("b.exe", Name("C:\\dir\\b.exe"));
        Assert.Null(Name(".."));
    }

    [Fact]
    public void Detached_signatures_are_no_attachments()
    {
        var email = Read("""
            Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=s

            --s

            signed
            --s
            Content-Type: application/pgp-signature; name=signature.asc

            -----BEGIN PGP SIGNATURE-----
            --s--
            """);
        Assert.Equal("signed", email.Text);
        Assert.Empty(email.Attachments);
        Assert.Equal(2, email.Leaves().Count());
    }

    [Fact]
    public void Every_header_field_can_be_seen_as_it_came()
    {
        var email = Read("Received: one\r\nX-Test:  a\r\n\tb \r\nreceived: two\r\n\r\n");
        Assert.Equal(["one", "two"], email.HeaderValues("Received"));
        var field = email.Headers[1];
        Assert.Equal("X-Test", field.Name);
        Assert.Equal("a b", field.RawValue);
        Assert.Equal("X-Test:  a\r\n\tb \r\n", Encoding.ASCII.GetString(field.Field.Span));
        Assert.Null(email.Header("X-Other"));
    }

    [Fact]
    public void An_empty_message_is_read()
    {
        var email = MimeReader.Read(ReadOnlyMemory<byte>.Empty);
        Assert.Empty(email.Headers);
        Assert.Equal("", email.Text);
        Assert.Null(email.Subject);
    }
}
