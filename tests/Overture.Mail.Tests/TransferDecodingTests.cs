using System.Text;

namespace Overture.Mail.Tests;

public class TransferDecodingTests
{
    static string Decode(string body, string encoding) =>
        Encoding.UTF8.GetString(
            TransferDecoding.Decode(Encoding.UTF8.GetBytes(body), encoding, int.MaxValue));

    [Theory]
    [InlineData("SGVsbG8gd29ybGQ=", "Hello world")]
    [InlineData("SGVs\r\nbG8g\r\nd29ybGQ=\r\n", "Hello world")]
    [InlineData("SGVsbG8gd29ybGQ", "Hello world")]
    [InlineData("SGVs-bG8g!d29ybGQ=", "Hello world")]
    [InlineData("SGVsbG8=\r\nIHdvcmxk", "Hello world")]
    [InlineData("SGVsbG8gd29ybGQ=\r\n_______\r\nA list footer, not base64", "Hello world")]
    [InlineData("", "")]
    [InlineData("=", "")]
    public void Base64_is_decoded(string body, string expected) =>
        Assert.Equal(expected, Decode(body, "base64"));

    [Theory]
    [InlineData("caf=C3=A9", "café")]
    [InlineData("caf=c3=a9", "café")]
    [InlineData("one=\r\ntwo", "onetwo")]
    [InlineData("one=  \r\ntwo", "onetwo")]
    [InlineData("one=\ntwo", "onetwo")]
    [InlineData("trailing  \r\nspace", "trailing\r\nspace")]
    [InlineData("kept =20\r\nspace", "kept  \r\nspace")]
    [InlineData("100=ZZ and =", "100=ZZ and ")]
    [InlineData("a=b", "a=b")]
    [InlineData("line\nbare", "line\nbare")]
    public void Quoted_printable_is_decoded(string body, string expected) =>
        Assert.Equal(expected, Decode(body, "quoted-printable"));

    [Fact]
    public void Uuencoded_content_is_decoded() =>
        Assert.Equal("Cat", Decode("noise\nbegin 644 cat.txt\n#0V%T\n`\nend\nmore", "x-uuencode"));

    [Fact]
    public void YEnc_content_is_decoded()
    {
        byte[] encoded = ['C' + 42, 'a' + 42, (byte)'=', 't' + 42 + 64];
        byte[] body = [.. "=ybegin line=128 size=3 name=x\r\n"u8, .. encoded, .. "\r\n=yend size=3\r\n"u8];
        Assert.Equal("Cat"u8.ToArray(), TransferDecoding.Decode(body, "x-yenc", int.MaxValue));
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("quoted-printable")]
    [InlineData("x-uuencode")]
    [InlineData("x-yenc")]
    public void Decoded_content_is_bounded(string encoding)
    {
        var body = new byte[100_000];
        Array.Fill(body, (byte)'A');
        Assert.True(TransferDecoding.Decode(body, encoding, 1_000).Length <= 1_100);
    }

    [Theory]
    [InlineData(null, "7bit")]
    [InlineData(" Base64 ", "base64")]
    [InlineData("\"quoted-printable\";", "quoted-printable")]
    [InlineData("base64 (really)", "base64")]
    [InlineData("8 bit", "8")]
    public void The_name_of_the_encoding_is_cleaned(string? value, string expected) =>
        Assert.Equal(expected, TransferDecoding.NameOf(value));
}
