using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public sealed class PasswordHashTests
{
    const string Password = "a quiet overture at dusk";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_password_matches_its_own_hash_only(bool withArgon2)
    {
        Assert.SkipWhen(withArgon2 && !Argon2.IsAvailable, "libargon2.so.1 is absent");
        var hash = PasswordHash.Make(Password, withArgon2);

        Assert.StartsWith(withArgon2 ? "$argon2id$v=19$m=65536,t=3,p=1$" : "$pbkdf2-sha512$i=220000$", hash);
        Assert.True(PasswordHash.Matches(Password, hash));
        Assert.False(PasswordHash.Matches(Password + " ", hash));
        Assert.NotEqual(hash, PasswordHash.Make(Password, withArgon2));
    }

    // RFC 9106 has no vector without secret and associated data; this one is of the reference
    // implementation's own test suite: password "password", salt "somesalt", t=2, m=64 MiB, p=1.
    [Fact]
    public void Argon2_agrees_with_the_reference_implementation()
    {
        Assert.SkipWhen(!Argon2.IsAvailable, "libargon2.so.1 is absent");

        var hash = Argon2.Hash("password"u8.ToArray(), "somesalt"u8.ToArray(), new(2, 65536, 1), 32);

        Assert.Equal("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
            Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void The_same_text_composed_otherwise_is_the_same_password() =>
        Assert.True(PasswordHash.Matches(
            "cafe\u0301 au lait", PasswordHash.Make("caf\u00e9 au lait", withArgon2: false)));

    [Fact]
    public void A_weaker_hash_is_renewed_where_a_stronger_one_is_possible()
    {
        Assert.Equal(
            Argon2.IsAvailable, PasswordHash.NeedsRenewal(PasswordHash.Make(Password, withArgon2: false)));
        Assert.True(PasswordHash.NeedsRenewal("$pbkdf2-sha512$i=100000$c2FsdA$aGFzaA"));
    }

    [Fact]
    public async Task Nobody_matches_a_missing_hash() =>
        Assert.False(await PasswordHash.Verify(Password, hash: null, default));

    [Fact]
    public async Task A_crowd_is_turned_away_instead_of_taking_all_memory()
    {
        var attempts = Enumerable.Range(0, 64).Select(_ =>
            PasswordHash.Verify(Password, hash: null, default)).ToList();

        var refused = 0;
        foreach (var attempt in attempts)
            if (await Record.ExceptionAsync(() => attempt) is RuleBroken { Code: "rate_limited" }) refused++;

        Assert.InRange(refused, 1, 63);
    }
}
