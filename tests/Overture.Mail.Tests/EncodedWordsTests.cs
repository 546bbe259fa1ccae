namespace Overture.Mail.Tests;

public class EncodedWordsTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("=?ISO-8859-1?Q?a?=", "a")]
    [InlineData("=?ISO-8859-1?Q?a?= b", "a b")]
    [InlineData("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab")]
    [InlineData("=?ISO-8859-1?Q?a?=   =?ISO-8859-1?Q?b?=", "ab")]
    [InlineData("=?ISO-8859-1?Q?a_b?=", "a b")]
    [InlineData("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b")]
    [InlineData("=?iso-8859-1?q?Fr=F6sche?=", "Frösche")]
    [InlineData("=?UTF-8?B?5pel5pys?=", "日本")]
    [InlineData("=?utf-8*en?Q?caf=C3=A9?=", "café")]
    public void Words_are_decoded_as_RFC_2047_shows(string value, string expected) =>
        Assert.Equal(expected, EncodedWords.Decode(value));

    [Fact]
    public void A_character_split_between_two_words_is_joined()
    {
        Assert.Equal("日本語", EncodedWords.Decode("=?UTF-8?B?5pel5pw=?= =?UTF-8?B?rOiqng==?="));
        Assert.Equal("é", EncodedWords.Decode("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?="));
    }

    [Theory]
    [InlineData("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本")]
    [InlineData("=?gb2312?B?1tC5+g==?=", "中国")]
    [InlineData("=?koi8-r?B?8NLJ18XU?=", "Привет")]
    [InlineData("=?utf-7?Q?caf+AOk-?=", "café")]
    [InlineData("=?windows-1252?Q?=80?=", "€")]
    [InlineData("=?iso-8859-1?Q?=80?=", "€")]
    public void Charsets_of_all_parts_of_the_world_are_read(string value, string expected) =>
        Assert.Equal(expected, EncodedWords.Decode(value));

    [Theory]
    [InlineData("\"=?utf-8?Q?J=C3=B6rg?=\"", "\"Jörg\"")]
    [InlineData("a=?utf-8?Q?b?=c", "abc")]
    [InlineData("=?utf-8?Q?two words?=", "two words")]
    [InlineData("=?utf-8?Q?who??=", "who?")]
    [InlineData("=?utf-8?Q?=3D?=", "=")]
    [InlineData("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab")]
    [InlineData("=?utf-8?B?SGVsbG8", "Hello")]
    [InlineData("=?no-such-charset?Q?caf=C3=A9?=", "café")]
    [InlineData("=?utf-8?Q?caf=E9?=", "café")]
    public void Broken_words_are_decoded_as_meant(string value, string expected) =>
        Assert.Equal(expected, EncodedWords.Decode(value));

    [Theory]
    [InlineData("=?utf-8?X?abc?=")]
    [InlineData("=?utf-8")]
    [InlineData("=?")]
    [InlineData("a =? b ?= c")]
    [InlineData("=?=?=?=?")]
    public void What_is_no_word_stays_as_it_is(string value) =>
        Assert.Equal(value, EncodedWords.Decode(value));

    [Fact]
    public void Hidden_line_breaks_cannot_make_a_second_header()
    {
        var decoded = EncodedWords.Decode("=?utf-8?Q?a=0D=0ABcc:_x=00?=");
        Assert.DoesNotContain('\r', decoded);
        Assert.DoesNotContain('\n', decoded);
        Assert.DoesNotContain('\0', decoded);
    }

    [Theory]
    [InlineData("=?a?q?")]
    [InlineData("=?utf-8?Q?a?= ")]
    [InlineData("=?")]
    public void Long_values_take_linear_time(string piece)
    {
        var value = string.Concat(Enumerable.Repeat(piece, 200_000));
        Assert.True(TimeOf.Run(() => EncodedWords.Decode(value)) < TimeSpan.FromSeconds(2));
    }
}
