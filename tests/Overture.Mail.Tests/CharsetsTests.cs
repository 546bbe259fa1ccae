using System.Text;

namespace Overture.Mail.Tests;

public class CharsetsTests
{
    static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    [Theory]
    [InlineData("636166E9", "iso-8859-1", "café")]
    [InlineData("636166E9", "latin1", "café")]
    [InlineData("636166E9", "us-ascii", "café")]
    [InlineData("636166E9", null, "café")]
    [InlineData("80", "iso-8859-1", "€")]
    [InlineData("A4", "iso-8859-15", "€")]
    [InlineData("A4", "ISO_8859-15", "€")]
    [InlineData("CFF0E8E2E5F2", "cp1251", "Привет")]
    [InlineData("8FE0A8A2A5E2", "ibm866", "Привет")]
    [InlineData("93FA967B", "Shift_JIS", "日本")]
    [InlineData("93FA967B", "x-sjis", "日本")]
    [InlineData("C6FCCBDC", "EUC-JP", "日本")]
    [InlineData("1B2442467C4B5C1B2842", "ISO-2022-JP", "日本")]
    [InlineData("C7D1B1B9", "euc-kr", "한국")]
    [InlineData("C7D1B1B9", "ks_c_5601-1987", "한국")]
    [InlineData("A4A4A4E5", "big5", "中文")]
    [InlineData("D6D0B9FA", "gb2312", "中国")]
    [InlineData("D6D0B9FA", "GB18030", "中国")]
    [InlineData("81308436", "GB18030", "¥")]
    [InlineData("7E7B5650397A7E7D", "hz-gb-2312", "中国")]
    [InlineData("A1", "tis-620", "ก")]
    public void Names_and_aliases_are_known(string hex, string? charset, string expected) =>
        Assert.Equal(expected, Charsets.Decode(Bytes(hex), charset));

    [Fact]
    public void UTF_8_that_was_declared_as_something_else_is_seen()
    {
        var bytes = "Grüße aus Köln"u8;
        Assert.Equal("Grüße aus Köln", Charsets.Decode(bytes, "iso-8859-1"));
        Assert.Equal("Grüße aus Köln", Charsets.Decode(bytes, "us-ascii"));
        Assert.Equal("Grüße aus Köln", Charsets.Decode(bytes, "no-such-charset"));
        Assert.Equal("Grüße aus Köln", Charsets.Decode(bytes, null));
    }

    [Fact]
    public void Western_bytes_that_were_declared_as_UTF_8_are_seen() =>
        Assert.Equal("Grüße", Charsets.Decode(Encoding.Latin1.GetBytes("Grüße"), "utf-8"));

    [Fact]
    public void UTF_8_with_one_broken_sequence_stays_UTF_8() =>
        Assert.Equal("é\uFFFDé", Charsets.Decode(Bytes("C3A9FFC3A9"), "utf-8"));

    [Fact]
    public void UTF_16_is_read_by_its_mark_or_its_zeros()
    {
        Assert.Equal("Hello", Charsets.Decode(Encoding.BigEndianUnicode.GetBytes("Hello"), "utf-16"));
        Assert.Equal("Hello", Charsets.Decode(Encoding.Unicode.GetBytes("Hello"), "utf-16"));
        Assert.Equal("Hello", Charsets.Decode(Encoding.Unicode.GetBytes("\uFEFFHello"), "utf-8"));
        Assert.Equal("Hello", Charsets.Decode("Hello"u8, "utf-16"));
    }

    [Theory]
    [InlineData("Hi Mom -+Jjo--!", "Hi Mom -☺-!")]
    [InlineData("+ZeVnLIqe-", "日本語")]
    [InlineData("1 +- 1 = 2", "1 + 1 = 2")]
    [InlineData("A+ImIDkQ.", "A≢Α.")]
    [InlineData("broken +ZeVnLIq", "broken 日本")]
    public void UTF_7_is_decoded(string encoded, string expected) =>
        Assert.Equal(expected, Charsets.Decode(Encoding.ASCII.GetBytes(encoded), "utf-7"));

    [Fact]
    public void A_page_names_its_charset_in_its_head()
    {
        var page = "<html><META http-equiv=x content='text/html; charset=koi8-r'>"u8;
        Assert.Equal("koi8-r", Charsets.DeclaredInHtml(page));
        Assert.Equal("utf-8", Charsets.DeclaredInHtml("<meta name=a><meta charset=\"utf-8\">"u8));
        Assert.Null(Charsets.DeclaredInHtml("<p>charset=koi8-r</p>"u8));
    }
}
