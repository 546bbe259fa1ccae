using System.Text;
using Overture.Providers.Crawler;

namespace Overture.Providers.Tests.Crawler;

public class PageReaderTests
{
    static readonly Uri Address = new("https://www.acme.example/");

    [Theory]
    [InlineData("<a href='mailto:Jane@Acme.example?subject=x'>mail</a>", "jane@acme.example", "link")]
    [InlineData("<a href='MAILTO:jane%40acme.example'>mail</a>", "jane@acme.example", "link")]
    [InlineData("<p>Write to jane@acme.example.</p>", "jane@acme.example", "text")]
    [InlineData("<p>jane&#64;acme&#46;example</p>", "jane@acme.example", "text")]
    [InlineData("<p>jane<b>@</b>acme.example</p>", "jane@acme.example", "text")]
    [InlineData("<p>jane [at] acme.example</p>", "jane@acme.example", "obfuscated")]
    [InlineData("<p>jane (at) acme (dot) example</p>", "jane@acme.example", "obfuscated")]
    [InlineData("<p>jane {AT} mail [punkt] acme [dot] example</p>", "jane@mail.acme.example", "obfuscated")]
    [InlineData("<p>jane[@]acme.example</p>", "jane@acme.example", "obfuscated")]
    public void Addresses_are_found_however_written(string html, string email, string means) =>
        Assert.Contains(new FoundEmail(email, means), Read(html).Emails);

    [Fact]
    public void Protected_addresses_are_decoded()
    {
        const byte key = 0x5a;
        var code = Convert.ToHexString(
            [key, .. "info@acme.example"u8.ToArray().Select(b => (byte)(b ^ key))]);

        Assert.Equal([new("info@acme.example", "protected")],
            Read($"<span data-cfemail='{code}'>[email]</span>").Emails);
    }

    [Theory]
    [InlineData("<p>logo@2x.png and a@b</p>")]
    [InlineData("<script>var x='spam@acme.example'</script><style>a@import.css</style>")]
    [InlineData("<p>meet us at acme.example (at noon)</p>")]
    [InlineData("<a data-cfemail='zz'>x</a><a data-cfemail='00'>x</a>")]
    public void What_is_no_address_is_left(string html) => Assert.Empty(Read(html).Emails);

    [Fact]
    public void Contact_pages_come_first_and_logins_and_files_never()
    {
        var page = Read(
            """
            <a href="/blog">Blog</a><a href="/login">Log in</a><a href="/brochure.pdf">Contact us</a>
            <a href="/ueber-uns#team">Wir</a><a href="/kontakt?x=1">Kontakt</a>
            <a href="https://other.example/contact">Partner</a>
            <a href="//acme.example/impressum">Impressum</a><a href="javascript:alert(1)">x</a>
            """);

        Assert.Equal(
            [
                "https://www.acme.example/kontakt?x=1", "https://acme.example/impressum",
                "https://www.acme.example/ueber-uns",
                "https://www.acme.example/blog"],
            page.Links.Select(link => link.AbsoluteUri));
    }

    [Fact]
    public void Forms_for_messages_are_told_from_logins_and_searches()
    {
        var page = Read(
            """
            <form action="/send"><input name="email" type="email"><textarea name="message"></textarea></form>
            <form action="/login"><input name="email"><input name="p" type="password">
            <textarea></textarea></form>
            <form action="/search"><input name="q"></form>
            """);

        var form = Assert.Single(page.Forms);
        Assert.Equal("https://www.acme.example/send", form.Action.AbsoluteUri);
        Assert.Equal(["email", "message"], form.Fields);
    }

    [Fact]
    public void Profiles_and_numbers_are_read()
    {
        var page = Read(
            "<title> Acme </title><a href='http://linkedin.com/company/acme/?x=1'>L</a>"
            + "<a href='tel:+1%20555%200100'>T</a>");

        Assert.Equal(("Acme", "https://www.linkedin.com/company/acme", "+1 555 0100"),
            (page.Title, page.ProfileUrls[0], page.Phones[0]));
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b>")]
    [InlineData("<a href='/x'>")]
    [InlineData("<p><font>x")]
    [InlineData("<table><tr><td>")]
    [InlineData("<b></i></i></i>")]
    public void Pages_nested_beyond_reason_are_refused(string tag) =>
        Assert.Throws<MalformedAnswerException>(() => Read(string.Concat(Enumerable.Repeat(tag, 100_000))));

    [Fact(Timeout = 20_000)]
    public Task Hostile_texts_end_quickly()
    {
        Read("<p>" + new string('a', 1_000_000) + "@" + new string('b', 1_000_000));
        Read("<p>" + string.Concat(Enumerable.Repeat("a (at) ", 200_000)));
        Read(string.Concat(Enumerable.Repeat("<", 500_000)));
        Read(string.Concat(Enumerable.Repeat("<br><p>x</p><b>y</b><img src=x/>", 5_000)));
        return Task.CompletedTask;
    }

    static PageFacts Read(string html) => PageReader.Read(Encoding.UTF8.GetBytes(html), Address);
}
