using System.Net;
using System.Text;
using System.Text.Json;
using Overture.Mail.Dns;

namespace Overture.Mail.Tests.Dns;

public class DmarcTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static DnsFile Dns(params (string Name, string Text)[] records) =>
        DnsFile.Parse(JsonSerializer.Serialize(records.ToDictionary(one => one.Name, one => one.Text)));

    static DkimCheck Dkim(string domain, bool counts = true) =>
        new(domain, "s", DkimResult.Pass, "") { Counts = counts };

    static SpfCheck SpfOf(string domain, SpfResult result = SpfResult.Pass) =>
        new(result, domain, "", null, 0);

    [Theory]
    [InlineData("v=DMARC1; p=reject", "mail.example.com", DmarcResult.Pass)]
    [InlineData("v=DMARC1; p=reject; adkim=s", "mail.example.com", DmarcResult.Fail)]
    [InlineData("v=DMARC1; p=reject; adkim=s", "example.com", DmarcResult.Pass)]
    [InlineData("v=DMARC1; p=reject", "example.net", DmarcResult.Fail)]
    [InlineData("v=DMARC1; p=reject", "badexample.com", DmarcResult.Fail)]
    public async Task DKIM_aligns_by_organisation_or_strictly(
        string record, string signer, DmarcResult result)
    {
        var dns = Dns(("_dmarc.example.com", record));
        var check = await Dmarc.Evaluate("example.com", null, [Dkim(signer)], dns, Cancel);
        Assert.Equal(result, check.Result);
    }

    [Fact]
    public async Task A_signature_that_does_not_count_does_not_align()
    {
        var dns = Dns(("_dmarc.example.com", "v=DMARC1; p=reject"));
        var check = await Dmarc.Evaluate("example.com", null, [Dkim("example.com", counts: false)], dns,
            Cancel);
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject), (check.Result, check.Applied));
    }

    [Fact]
    public async Task SPF_alone_suffices()
    {
        var dns = Dns(("_dmarc.example.com", "v=DMARC1; p=reject"));
        var check = await Dmarc.Evaluate("example.com", SpfOf("bounce.example.com"), [], dns, Cancel);
        Assert.Equal(DmarcResult.Pass, check.Result);
    }

    [Theory]
    [InlineData("v=DMARC1; p=reject; sp=quarantine; np=none", "a.example.com", DmarcPolicy.Quarantine)]
    [InlineData("v=DMARC1; p=reject; sp=quarantine; np=none", "gone.example.com", DmarcPolicy.None)]
    [InlineData("v=DMARC1; p=reject; t=y", "example.com", DmarcPolicy.Quarantine)]
    [InlineData("v=DMARC1; p=quarantine; pct=0", "example.com", DmarcPolicy.None)]
    [InlineData("v=DMARC1; p=nonsense; rua=mailto:d@example.com", "example.com", DmarcPolicy.None)]
    public async Task The_policy_applied_follows_the_record(string record, string from, DmarcPolicy applied)
    {
        var dns = Dns(("_dmarc.example.com", record), ("a.example.com", "here"), ("example.com", "here"));
        var check = await Dmarc.Evaluate(from, SpfOf("other.example", SpfResult.Fail), [], dns, Cancel);
        Assert.Equal((DmarcResult.Fail, applied), (check.Result, check.Applied));
    }

    [Fact]
    public async Task A_failed_look_up_is_unknown_and_never_a_failure()
    {
        var check = await Dmarc.Evaluate("example.com", null, [], Dns(("_dmarc.example.com", "~~SERVFAIL~~")),
            Cancel);
        Assert.Equal(DmarcResult.TempError, check.Result);
    }

    [Fact]
    public async Task Several_records_are_as_good_as_none()
    {
        var dns = DnsFile.Parse(
            """{"_dmarc.example.com": [{"TXT": "v=DMARC1; p=reject"}, {"TXT": "v=DMARC1; p=none"}]}""");
        Assert.Equal(DmarcResult.None, (await Dmarc.Evaluate("example.com", null, [], dns, Cancel)).Result);
    }

    [Fact]
    public async Task A_public_suffix_is_no_organisation()
    {
        var dns = Dns(("_dmarc.co.uk", "v=DMARC1; p=reject; psd=y"),
            ("_dmarc.a.co.uk", "v=DMARC1; p=reject"));
        var check = await Dmarc.Evaluate("a.co.uk", null, [Dkim("b.co.uk")], dns, Cancel);
        Assert.Equal((DmarcResult.Fail, "a.co.uk"), (check.Result, check.OrganizationalDomain));
    }

    [Fact]
    public async Task A_tree_walk_asks_at_most_eight_times()
    {
        var counting = new CountingDns();
        await Dmarc.Evaluate("a.b.c.d.e.f.g.h.i.j.k.example.com", null, [], counting, Cancel);
        Assert.InRange(counting.Asked, 1, Dmarc.MostQueries);
    }

    sealed class CountingDns : IDnsSource
    {
        public int Asked { get; private set; }

        public ValueTask<DnsAnswer> Ask(string name, DnsType type, CancellationToken cancel = default)
        {
            Asked++;
            return ValueTask.FromResult(DnsAnswer.Empty(DnsOutcome.NoSuchName));
        }
    }

    [Fact]
    public async Task A_domain_is_checked_with_the_records_to_paste()
    {
        var dns = DnsFile.Parse(
            """
            {"bare.example": [{"MX": [10, "mx.bare.example"]},
                {"TXT": "v=spf1 include:_spf.other.example ~all"}],
             "_spf.other.example": "v=spf1 ip4:192.0.2.0/28 -all",
             "_dmarc.slow.example": "TIMEOUT", "slow.example": "TIMEOUT"}
            """);
        var setup = new SenderSetup
        {
            Selectors = ["s1"], SpfMechanism = "include:_spf.us.example", DkimRecord = "v=DKIM1; p=abc",
        };
        var findings = await SenderDomainCheck.Check("bare.example", setup, dns, Cancel);
        var found = findings.ToDictionary(one => one.Check);
        Assert.Equal(FindingState.Fail, found["SPF"].State);
        Assert.Equal("v=spf1 include:_spf.us.example include:_spf.other.example ~all",
            found["SPF"].Paste!.Value);
        Assert.Equal("s1._domainkey.bare.example", found["DKIM"].Paste!.Name);
        Assert.Equal("_dmarc.bare.example", found["DMARC"].Paste!.Name);
        Assert.Equal(FindingState.Pass, found["MX"].State);
        var unknown = await SenderDomainCheck.Check("slow.example", setup, dns, Cancel);
        Assert.Equal(FindingState.Unknown, unknown.Single(one => one.Check == "SPF").State);
        Assert.Equal(FindingState.Unknown, unknown.Single(one => one.Check == "DMARC").State);
    }

    [Fact]
    public async Task An_SPF_include_that_cannot_be_looked_up_is_a_temporary_error()
    {
        var dns = Dns(("example.com", "v=spf1 include:slow.example -all"), ("slow.example", "TIMEOUT"));
        var check = await Spf.Check(IPAddress.Parse("192.0.2.9"), "a@example.com", "h", dns, default, Cancel);
        Assert.Equal(SpfResult.TempError, check.Result);
    }

    [Fact]
    public async Task An_SPF_record_that_calls_itself_ends()
    {
        var dns = Dns(("example.com", "v=spf1 include:example.com -all"));
        var check = await Spf.Check(IPAddress.Parse("192.0.2.9"), "a@example.com", "h", dns, default, Cancel);
        Assert.Equal((SpfResult.PermError, 11), (check.Result, check.Lookups));
    }

    // RFC 8032 section 7.1, tests 1 to 3.
    [Theory]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Ed25519_signatures_verify_and_changed_ones_do_not(
        string key, string message, string signature)
    {
        var bytes = Convert.FromHexString(signature);
        Assert.True(Ed25519.Verify(Convert.FromHexString(key), Convert.FromHexString(message), bytes));
        for (var i = 0; i < bytes.Length; i += 9)
        {
            bytes[i] ^= 1;
            Assert.False(Ed25519.Verify(Convert.FromHexString(key), Convert.FromHexString(message), bytes));
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public async Task A_signature_over_a_list_without_end_is_refused_at_once()
    {
        var names = string.Concat(Enumerable.Repeat(":x", 25_000));
        var fields = string.Concat(Enumerable.Repeat("y: 1\r\n", 5_000));
        var message = Encoding.Latin1.GetBytes(
            $"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from{names};\r\n"
            + $" bh=AAAA; b=AAAA\r\n{fields}\r\n");
        var started = TimeProvider.System.GetTimestamp();
        var check = Assert.Single(await DkimVerifier.Verify(message, Dns(), null, Cancel));
        Assert.Equal(DkimResult.Invalid, check.Result);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_message_without_signature_and_a_mutated_one_never_throw()
    {
        var random = new Random(3);
        var dns = Dns(
            ("s._domainkey.example.com",
                "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));
        var seed = Encoding.Latin1.GetBytes(
            "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/simple; d=example.com; s=s;\r\n"
            + " t=1; x=9; l=3; i=@example.com; h=from:to; bh=AAAA; b=AAAA\r\n"
            + "From: a@example.com\r\n\r\nbody\r\n");
        for (var i = 0; i < 20_000; i++)
        {
            var copy = seed.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                copy[random.Next(copy.Length)] = (byte)random.Next(256);
            Assert.DoesNotContain(await DkimVerifier.Verify(copy, dns, null, Cancel), one => one.Counts);
        }
    }
}
