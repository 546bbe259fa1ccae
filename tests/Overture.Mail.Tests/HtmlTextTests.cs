namespace Overture.Mail.Tests;

public class HtmlTextTests
{
    [Theory]
    [InlineData("<p>Hello   <b>Bob</b>,</p>\n<p>how are you?</p>", "Hello Bob,\n\nhow are you?")]
    [InlineData("one<br>two<br/>three", "one\ntwo\nthree")]
    [InlineData("<div>one</div><div>two</div>", "one\ntwo")]
    [InlineData("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo")]
    [InlineData("a&nbsp;&lt;b&gt; &amp; c&#8364;", "a <b> & c€")]
    [InlineData("x < y and y > z", "x < y and y > z")]
    [InlineData("foo<span>bar</span> <i>baz</i>", "foobar baz")]
    [InlineData("<h1>Title</h1>text", "Title\n\ntext")]
    [InlineData("<pre>a\n  b</pre>c", "a\n  b\n\nc")]
    [InlineData("<img src=x alt='A picture'>", "A picture")]
    [InlineData("", "")]
    public void Words_and_lines_are_kept(string html, string expected) =>
        Assert.Equal(expected, HtmlText.FromHtml(html));

    [Theory]
    [InlineData("<ul><li>one<li>two</ul>", "- one\n- two")]
    [InlineData("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two")]
    [InlineData("<ul><li>one<ul><li>deep</li></ul></li><li>two</li></ul>", "- one\n  - deep\n- two")]
    [InlineData("<ul><li></li></ul>after", "-\n\nafter")]
    [InlineData("<ul><li><p>one</p></li><li><p>two</p></li></ul>", "- one\n\n- two")]
    public void Lists_keep_their_marks(string html, string expected) =>
        Assert.Equal(expected, HtmlText.FromHtml(html));

    [Fact]
    public void Table_cells_are_set_apart() =>
        Assert.Equal("Name  Price\nTea  3", HtmlText.FromHtml(
            "<table><tr><th>Name</th><th>Price</th></tr>\n<tr><td>Tea</td>\n<td>3</td></tr></table>"));

    [Theory]
    [InlineData("see <a href='https://a.example/x'>our page</a>.", "see our page (https://a.example/x).")]
    [InlineData("<a href=\"https://a.example\">https://a.example</a>", "https://a.example")]
    [InlineData("<a href=\"https://a.example/\">a.example</a>", "a.example")]
    [InlineData("<a href=\"mailto:joe@example.com\">joe@example.com</a>", "joe@example.com")]
    [InlineData("<a href=\"mailto:joe@example.com\">Joe</a>", "Joe (joe@example.com)")]
    [InlineData("<a href=\"javascript:x()\">click</a>", "click")]
    [InlineData("<a href=\"#top\">up</a> and <a>nowhere</a>", "up and nowhere")]
    public void Links_keep_their_address(string html, string expected) =>
        Assert.Equal(expected, HtmlText.FromHtml(html));

    [Fact]
    public void Quotations_are_marked_on_every_line() => Assert.Equal(
        "Yes.\n\nOn Monday Bob wrote:\n\n> one\n> two\n>\n> three\n>\n>> deeper\n>\n> back\n\nafter",
        HtmlText.FromHtml("""
            <div>Yes.</div><br><div>On Monday Bob wrote:<br>
            <blockquote type="cite"><div>one<br>two</div><p>three</p>
            <blockquote>deeper</blockquote>back</blockquote></div>after
            """));

    [Theory]
    [InlineData("<style>p { color: red }</style>a")]
    [InlineData("<SCRIPT>if (a<b) x()</SCRIPT>a")]
    [InlineData("<head><title>t</title><meta charset=x></head>a")]
    [InlineData("<!-- hidden <b> -->a")]
    [InlineData("<div style='display : none'>preheader<div>x</div></div>a")]
    [InlineData("<!DOCTYPE html><?xml version='1'?>a")]
    [InlineData("<template>x</template>a")]
    [InlineData("a<script>never closed")]
    public void What_a_reader_does_not_see_is_left_out(string html) =>
        Assert.Equal("a", HtmlText.FromHtml(html));

    [Theory]
    [InlineData("<a href='")]
    [InlineData("<div style='display:none'>")]
    [InlineData("<!--")]
    [InlineData("<")]
    [InlineData("<blockquote>a")]
    [InlineData("<ul><li>a")]
    [InlineData("&#x")]
    [InlineData("<script>")]
    [InlineData("<a b=\"><a b='>")]
    public void Long_rubbish_takes_linear_time(string piece)
    {
        var html = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        Assert.True(TimeOf.Run(() => HtmlText.FromHtml(html)) < TimeSpan.FromSeconds(2));
    }
}
