namespace Overture.Mail.Tests;

public class MailboxAddressTests
{
    static string Read(string value) =>
        string.Join(" | ", MailboxAddress.ParseList(value).Select(read => $"{read.Name}<{read.Address}>"));

    [Theory]
    [InlineData("jdoe@one.test", "<jdoe@one.test>")]
    [InlineData("John Doe <jdoe@one.test>", "John Doe<jdoe@one.test>")]
    [InlineData("\"Joe Q. Public\" <john.q.public@example.com>", "Joe Q. Public<john.q.public@example.com>")]
    [InlineData("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
        "Mary Smith<mary@x.test> | <jdoe@example.org> | Who?<one@y.test>")]
    [InlineData("<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
        "<boss@nil.test> | Giant; \"Big\" Box<sysservices@example.net>")]
    [InlineData("A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
        "Ed Jones<c@a.test> | <joe@where.test> | John<jdoe@one.test>")]
    [InlineData("Undisclosed recipients:;", "")]
    [InlineData("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete<pete@silly.test>")]
    [InlineData("Mary Smith <@machine.tld:mary@example.net>, , jdoe@test   . example",
        "Mary Smith<mary@example.net> | <jdoe@test.example>")]
    [InlineData("Joe Q. Public <john.q.public@example.com>", "Joe Q. Public<john.q.public@example.com>")]
    [InlineData("jdoe@one.test (John Doe)", "John Doe<jdoe@one.test>")]
    public void Lists_are_read_as_RFC_5322_shows(string value, string expected) =>
        Assert.Equal(expected, Read(value));

    [Theory]
    [InlineData("=?utf-8?Q?J=C3=B6rg?= <joerg@example.com>", "Jörg<joerg@example.com>")]
    [InlineData("\"=?utf-8?Q?J=C3=B6rg?=\" <joerg@example.com>", "Jörg<joerg@example.com>")]
    [InlineData("=?utf-8?Q?M=C3=BCller,_J=C3=B6rg?= <joerg@example.com>", "Müller, Jörg<joerg@example.com>")]
    [InlineData("=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_M?= <joerg@example.com>", "Jörg M<joerg@example.com>")]
    [InlineData("=?utf-8?Q?Joe_=3Cjoe=40example.com=3E?=", "Joe<joe@example.com>")]
    [InlineData("Jörg <jörg@müller.example>", "Jörg<jörg@müller.example>")]
    public void Names_are_decoded(string value, string expected) => Assert.Equal(expected, Read(value));

    [Theory]
    [InlineData("'joe@example.com' <joe@example.com>", "joe@example.com<joe@example.com>")]
    [InlineData("joe@example.com; ann@example.com", "<joe@example.com> | <ann@example.com>")]
    [InlineData("Joe <joe@example.com", "Joe<joe@example.com>")]
    [InlineData("<<joe@example.com>>", "<joe@example.com>")]
    [InlineData("<mailto:joe@example.com>", "<joe@example.com>")]
    [InlineData("Joe joe@example.com", "Joe<joe@example.com>")]
    [InlineData("\"joe@example.com\"", "<joe@example.com>")]
    [InlineData("\"Joe\" joe@example.com", "Joe<joe@example.com>")]
    [InlineData("\"joe blow\"@example.com", "<\"joe blow\"@example.com>")]
    [InlineData("MAILER-DAEMON", "<MAILER-DAEMON>")]
    [InlineData("MAILER-DAEMON, postmaster", "<MAILER-DAEMON> | <postmaster>")]
    [InlineData("root, joe@example.com", "<root> | <joe@example.com>")]
    [InlineData("Mail Delivery Subsystem <>", "")]
    [InlineData("Smith, John <john@example.com>", "Smith, John<john@example.com>")]
    public void Malformed_lists_are_read_as_meant(string value, string expected) =>
        Assert.Equal(expected, Read(value));

    [Theory]
    [InlineData("(")]
    [InlineData("<")]
    [InlineData("\"")]
    [InlineData("a@b,")]
    [InlineData("((((\\")]
    [InlineData("=?utf-8?Q?<@?=")]
    [InlineData("@:;,<>")]
    public void Long_rubbish_takes_linear_time(string piece)
    {
        var value = string.Concat(Enumerable.Repeat(piece, 250_000 / piece.Length));
        Assert.True(TimeOf.Run(() => MailboxAddress.ParseList(value)) < TimeSpan.FromSeconds(2));
    }
}
