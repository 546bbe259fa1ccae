using System.Text.Json;
using Overture.Testing;

namespace Overture.Mail.Tests;

public sealed class EmailAddressTests
{
    [Fact]
    public void Judges_the_syntax_of_the_outside_corpus()
    {
        var folder = SharedData.PathOf("email/address-syntax");
        Assert.SkipWhen(folder is null, "outside test data is absent");
        var (right, all, ordinary, ordinaryRight) = (0, 0, 0, 0);
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var expected = row.RootElement.GetProperty("expected");
            using var file = JsonDocument.Parse(
                File.ReadAllText(Path.Combine(folder, row.RootElement.GetProperty("file").GetString()!)));
            var text = file.RootElement.GetProperty("address").GetString();
            var isValid = EmailAddress.TryParse(text, out var address, out var reason);
            all++;
            if (isValid == expected.GetProperty("syntactically_valid").GetBoolean()) right++;
            else Console.WriteLine($"differs: {expected.GetProperty("diagnosis")} {reason}");
            if (!expected.GetProperty("ordinary").GetBoolean()) continue;
            ordinary++;
            if (address is { CanReceive: true }) ordinaryRight++;
        }

        Console.WriteLine(ScoreLine.Of("address syntax", right, all, "67/80 (isemail)"));
        Console.WriteLine(ScoreLine.Of("addresses, ordinary", ordinaryRight, ordinary, "-"));
        Assert.True(right * 84 >= all * 67, $"{right} of {all}");
        Assert.Equal(ordinary, ordinaryRight);
    }

    [Theory]
    [InlineData("Ann Lee <ann@example.com>", "Ann Lee", "ann@example.com")]
    [InlineData("\"Lee, \\\"Ann\\\"\" <ann@example.com>", "Lee, \"Ann\"", "ann@example.com")]
    [InlineData("<ann@example.com>", null, "ann@example.com")]
    [InlineData("ann@EXAMPLE.com", null, "ann@EXAMPLE.com")]
    [InlineData("\"ann\"@example.com", null, "ann@example.com")]
    [InlineData("\"ann lee\"@example.com", null, "\"ann lee\"@example.com")]
    [InlineData("Jürgen <jürgen@bücher.example>", "Jürgen", "jürgen@bücher.example")]
    public void Reads_names_quotes_and_foreign_letters(string text, string? name, string addrSpec)
    {
        var address = EmailAddress.Parse(text);

        Assert.Equal(name, address.DisplayName);
        Assert.Equal(addrSpec, address.AddrSpec);
        Assert.True(address.CanReceive, address.Obstacle);
    }

    [Fact]
    public void An_international_domain_travels_in_ascii()
    {
        var address = EmailAddress.Parse("info@Bücher.example");

        Assert.Equal("xn--bcher-kva.example", address.AsciiDomain);
        Assert.Equal("info@xn--bcher-kva.example", address.Path);
        Assert.Equal("info@xn--bcher-kva.example", address.Normalised);
        Assert.False(address.NeedsSmtpUtf8);
        Assert.True(EmailAddress.Parse("jürgen@example.com").NeedsSmtpUtf8);
    }

    [Fact]
    public void Two_spellings_of_one_mailbox_are_equal()
    {
        Assert.Equal(EmailAddress.Parse("Ann <ANN@Example.com>"), EmailAddress.Parse("\"ann\"@example.COM"));
        Assert.NotEqual(EmailAddress.Parse("ann@example.com"), EmailAddress.Parse("anna@example.com"));
    }

    [Theory]
    [InlineData("ann@example", true)]
    [InlineData("ann@[192.0.2.1]", true)]
    [InlineData("ann@[IPv6:2001:db8::1]", true)]
    [InlineData("ann@[not an address]", false)]
    [InlineData("ann@exam_ple.com", false)]
    [InlineData("ann@example.123", false)]
    [InlineData("ann@exa/mple.com", false)]
    public void Knows_what_no_mail_can_reach(string text, bool canReceive) =>
        Assert.Equal(canReceive, EmailAddress.Parse(text).CanReceive);

    [Fact]
    public void Length_limits_are_obstacles()
    {
        Assert.True(EmailAddress.Parse(new string('a', 64) + "@example.com").CanReceive);
        Assert.False(EmailAddress.Parse(new string('a', 65) + "@example.com").CanReceive);
        Assert.False(EmailAddress.Parse("a@" + new string('b', 64) + ".com").CanReceive);
        Assert.False(
            EmailAddress.Parse("a@" + string.Join('.', Enumerable.Repeat("bcdefgh", 40))).CanReceive);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("ann", "no @")]
    [InlineData("@example.com", "before the @")]
    [InlineData("ann@example.com\r\nBcc: eve@example.com", "line break")]
    [InlineData("Ann\r\nBcc: eve@example.com <ann@example.com>", "line break")]
    [InlineData("ann@-example.com", "hyphen")]
    public void Says_why_an_address_is_refused(string text, string part)
    {
        Assert.False(EmailAddress.TryParse(text, out _, out var reason));
        Assert.Contains(part, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_comments_cost_no_stack()
    {
        var deep = new string('(', 2000) + new string(')', 2000) + "a@example.com";
        Assert.True(EmailAddress.TryParse(deep, out var address, out _));
        Assert.Equal("a@example.com", address.AddrSpec);
    }
}
