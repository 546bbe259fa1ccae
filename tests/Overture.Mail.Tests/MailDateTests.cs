namespace Overture.Mail.Tests;

public class MailDateTests
{
    [Theory]
    [InlineData("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00")]
    [InlineData("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06+00:00")]
    [InlineData("Thu,\t13\tFeb\t1969\t23:32\t-0330 (Newfoundland Time)", "1969-02-13T23:32:00-03:30")]
    [InlineData("Mon, 5 Jan 2015 08:01 EST", "2015-01-05T08:01:00-05:00")]
    [InlineData("Wed, 17 May 2000 19:35:05 (EDT)", "2000-05-17T19:35:05+00:00")]
    [InlineData("1 Jan 05 10:00:00 +0100", "2005-01-01T10:00:00+01:00")]
    [InlineData("1 Jan 105 10:00:00 +0100", "2005-01-01T10:00:00+01:00")]
    [InlineData("Sat, 30 Jun 2012 23:59:60 +0000", "2012-06-30T23:59:59+00:00")]
    public void Dates_are_read_as_RFC_5322_writes_them(string value, string expected) =>
        Assert.Equal(expected, MailDate.Parse(value)?.ToString("yyyy-MM-ddTHH:mm:sszzz"));

    [Theory]
    [InlineData("Fri Nov 21 09:55:06 1997", "1997-11-21T09:55:06+00:00")]
    [InlineData("Wed May 17 19:35:05 2000 -0400", "2000-05-17T19:35:05-04:00")]
    [InlineData("17-May-2000 19:35:05 -0400", "2000-05-17T19:35:05-04:00")]
    [InlineData("Friday, 21 November 1997 09:55:06 GMT+0200", "1997-11-21T09:55:06+02:00")]
    [InlineData("2015-03-09T10:11:12Z", "2015-03-09T10:11:12+00:00")]
    [InlineData("2015-03-09 10:11:12 +0200", "2015-03-09T10:11:12+02:00")]
    [InlineData("Mon, 22 Jul 2019 2:05:00 PM +0000", "2019-07-22T14:05:00+00:00")]
    [InlineData("Tue, 1 Jan 2019 10.11.12 +0100", "2019-01-01T10:11:12+01:00")]
    [InlineData("Tue, 1 Jan 2019 10:11:12+0100", "2019-01-01T10:11:12+01:00")]
    public void Dates_are_read_as_broken_programs_write_them(string value, string expected) =>
        Assert.Equal(expected, MailDate.Parse(value)?.ToString("yyyy-MM-ddTHH:mm:sszzz"));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("31 Feb 2020 10:00:00 +0000")]
    [InlineData("1 Jan 2020 99:99:99 +0000")]
    [InlineData("1 Jan 999999 10:00:00 +9999")]
    [InlineData("1 Jan 0001 00:00:00 +1400")]
    [InlineData("10:00")]
    public void What_names_no_moment_is_no_date(string value) => Assert.Null(MailDate.Parse(value));
}
