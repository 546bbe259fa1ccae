namespace Overture.Mail.Tests;

public class MimeParametersTests
{
    [Theory]
    [InlineData("text/plain; charset=us-ascii", "us-ascii")]
    [InlineData("Text/Plain; Charset=\"us-ascii\"", "us-ascii")]
    [InlineData("text/plain; charset=us-ascii (Plain text)", "us-ascii")]
    [InlineData("text/plain; format=flowed; charset = utf-8 ;", "utf-8")]
    [InlineData("text/plain charset; charset=utf-8", "utf-8")]
    [InlineData("text/plain;charset=utf-8 format=flowed", "utf-8")]
    public void A_parameter_is_found(string value, string charset) =>
        Assert.Equal(charset, MimeParameters.Parse(value)["charset"]);

    [Theory]
    [InlineData("attachment; filename=report.pdf", "report.pdf")]
    [InlineData("attachment; filename=\"a \\\"quoted\\\" name.pdf\"", "a \"quoted\" name.pdf")]
    [InlineData("attachment; filename=two words.pdf", "two words.pdf")]
    [InlineData("attachment; filename=\"a;b=c.pdf\"", "a;b=c.pdf")]
    [InlineData("attachment; filename=\"unclosed.pdf", "unclosed.pdf")]
    [InlineData("attachment; filename=\"=?utf-8?Q?r=C3=A9sum=C3=A9.pdf?=\"", "résumé.pdf")]
    [InlineData("attachment; filename==?utf-8?Q?r=C3=A9sum=C3=A9.pdf?=", "résumé.pdf")]
    [InlineData("attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf", "résumé.pdf")]
    [InlineData("attachment; filename*=iso-8859-1'en'r%E9sum%E9.pdf", "résumé.pdf")]
    [InlineData("attachment; filename*0=\"long \"; filename*1=\"name.pdf\"", "long name.pdf")]
    [InlineData("attachment; filename*1=\"name.pdf\"; filename*0=\"long \"", "long name.pdf")]
    [InlineData("x; filename*0*=utf-8''r%C3%A9; filename*1*=s%C3; filename*2*=%A9; filename*3=a", "réséa")]
    [InlineData("attachment; filename=plain.pdf; filename*=utf-8''r%C3%A9al.pdf", "réal.pdf")]
    [InlineData("attachment; filename*0*=utf-8''%E6%97; filename*1*=%A5.txt", "日.txt")]
    public void File_names_are_read_as_RFC_2231_and_habit_write_them(string value, string name) =>
        Assert.Equal(name, MimeParameters.Parse(value)["filename"]);

    [Fact]
    public void Names_are_compared_in_lower_case_and_the_first_counts()
    {
        var read = MimeParameters.Parse("multipart/mixed; BOUNDARY=a; boundary=b");
        Assert.Equal("multipart/mixed", read.Value);
        Assert.Equal("a", read["boundary"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";;;;")]
    [InlineData("a; =; =x; b=")]
    [InlineData("(((((")]
    [InlineData("a; b=\"\\")]
    [InlineData("a; filename*99999999999=x")]
    [InlineData("a; filename*=''")]
    public void Rubbish_does_no_harm(string value) => Assert.NotNull(MimeParameters.Parse(value));

    [Fact]
    public void The_number_of_parameters_is_bounded()
    {
        var many = "a" + string.Concat(Enumerable.Range(0, 100_000).Select(number => $";p{number}=1"));
        var spent = TimeOf.Run(() => Assert.True(MimeParameters.Parse(many).All.Count <= 200));
        Assert.True(spent < TimeSpan.FromSeconds(1));
    }
}
