namespace Overture.Mail.Tests;

public class SafeHtmlTests
{
    const string Rel = " target=\"_blank\" rel=\"noopener noreferrer nofollow\"";

    [Theory]
    [InlineData("<p>Hello <b>Bob</b></p>", "<p>Hello <b>Bob</b></p>")]
    [InlineData("<p>one<br>two", "<p>one<br>two</p>")]
    [InlineData("<custom-tag>text</custom-tag>", "text")]
    [InlineData("a &lt;b&gt; &amp; \"c\"", "a &lt;b&gt; &amp; &quot;c&quot;")]
    [InlineData("<table border=1><tr><td bgcolor=red>x</td></tr></table>",
        "<table border=\"1\"><tbody><tr><td bgcolor=\"red\">x</td></tr></tbody></table>")]
    [InlineData("<p style='color: red; position: fixed; src: url(x)'>", "<p style=\"color: red;\"></p>")]
    public void Harmless_markup_is_kept(string html, string expected) =>
        Assert.Equal(expected, SafeHtml.Sanitise(html));

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<style>@import 'http://x.example'</style>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<img src='http://track.example/pixel.gif'>")]
    [InlineData("<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>")]
    [InlineData("<math><mi//xlink:href='data:x,<script>alert(4)</script>'>")]
    [InlineData("<iframe src='http://x.example'></iframe>")]
    [InlineData("<object data=x></object><embed src=x>")]
    [InlineData("<form action='http://x.example'><input name=a><button>go</button></form>")]
    [InlineData("<base href='http://x.example'><link rel=stylesheet href=x>")]
    [InlineData("<meta http-equiv=refresh content='0;url=x'>")]
    [InlineData("<p onclick=alert(1) onmouseover='x' id=a class=b name=c>")]
    [InlineData("<a href='javascript:alert(1)'>x</a>")]
    [InlineData("<a href='java&#10;script:alert(1)'>x</a>")]
    [InlineData("<a href=' data:text/html,<script>1</script>'>x</a>")]
    [InlineData("<a href='vbscript:x'>x</a>")]
    [InlineData("<div style=\"background: url('http://x.example/a.png')\">x</div>")]
    [InlineData("<div style='width: expression(alert(1))'>x</div>")]
    [InlineData("<div style='color: \\75rl(http://x.example)'>x</div>")]
    [InlineData("<table background='http://x.example/a.png'><tr><td>x</td></tr></table>")]
    [InlineData("<svg><style><img src=x onerror=alert(1)></style></svg>")]
    [InlineData("<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=a&gt;'>")]
    [InlineData("<template><script>alert(1)</script></template>")]
    [InlineData("<video src='http://x.example'><audio src=x><source src=y></video>")]
    [InlineData("<input type=image src='http://x.example'>")]
    [InlineData("<img src='data:image/svg+xml;base64,PHN2Zz4='>")]
    [InlineData("<img srcset='http://x.example/a 2x' src='//x.example/b'>")]
    [InlineData("<xmp><script>alert(1)</script></xmp><plaintext><script>")]
    public void Nothing_that_acts_or_loads_passes(string html)
    {
        var safe = SafeHtml.Sanitise(html);
        Assert.DoesNotMatch(@"(?i)<(?!/?(p|a|b|i|div|table|tbody|tr|td|br|span)\b)", safe);
        Assert.DoesNotMatch(@"(?i)<[^>]*\s(on\w+|src|srcset|background|action|id|class|name)\s*=", safe);
        Assert.DoesNotMatch(@"(?i)href=""(?!https?://|mailto:)", safe);
        Assert.DoesNotMatch(@"(?i)style=""[^""]*(url|expression|\\)", safe);
    }

    [Fact]
    public void Markup_in_an_attribute_stays_in_the_attribute() => Assert.Equal(
        "<p title=\"&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;\"></p>",
        SafeHtml.Sanitise("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">"));

    [Fact]
    public void Links_open_without_reference_to_us()
    {
        Assert.Equal(
            $"<a href=\"https://a.example/?a=1&amp;b=2\"{Rel}>x</a>",
            SafeHtml.Sanitise("<a href='https://a.example/?a=1&b=2' target=_top rel=opener>x</a>"));
        Assert.Equal(
            $"<a href=\"mailto:joe@example.com\"{Rel}>x</a>",
            SafeHtml.Sanitise("<a href='mailto:joe@example.com'>x</a>"));
        Assert.Equal("<a>x</a>", SafeHtml.Sanitise("<a href='/relative'>x</a>"));
    }

    [Fact]
    public void Pictures_come_from_the_message_itself_only()
    {
        static string? Picture(string id) => id == "pic@x" ? "/parts/2" : null;
        var shown = SafeHtml.Sanitise("<img src='cid:pic@x' alt=a>", Picture);
        Assert.Equal("<img src=\"/parts/2\" alt=\"a\">", shown);
        Assert.Equal("gone", SafeHtml.Sanitise("<img src='cid:other@x' alt=gone>", Picture));
        Assert.Equal("remote", SafeHtml.Sanitise("<img src='https://x.example/a.png' alt=remote>", Picture));
        const string Own = "<img src=\"data:image/png;base64,AAAA\">";
        Assert.Equal(Own, SafeHtml.Sanitise(Own));
    }

    [Fact]
    public void Markup_that_would_cost_too_much_comes_back_as_text()
    {
        var deep = string.Concat(Enumerable.Repeat("<div>", 5_000)) + "<script>x</script>word";
        Assert.Equal("<pre>word</pre>", SafeHtml.Sanitise(deep));
        var blocks = string.Concat(Enumerable.Range(0, 300).Select(id => $"<b id={id}>"))
            + string.Concat(Enumerable.Repeat("</p><p>x", 20_000));
        Assert.True(TimeOf.Run(() => SafeHtml.Sanitise(blocks)) < TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("<br>", 45_000)]
    [InlineData("<p>x", 45_000)]
    [InlineData("<b>x</b>", 20_000)]
    [InlineData("<", 900_000)]
    public void Long_pages_take_linear_time(string piece, int count)
    {
        var html = string.Concat(Enumerable.Repeat(piece, count));
        Assert.True(TimeOf.Run(() => SafeHtml.Sanitise(html)) < TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void What_was_made_safe_stays_the_same()
    {
        const string Html = "<div><p>a<table><tr><td><a href='https://a.example'>x</a></table><ul><li>b<li>c";
        var once = SafeHtml.Sanitise(Html);
        Assert.Equal(once, SafeHtml.Sanitise(once));
    }
}
