using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("elevenchars", "password_short")]
    [InlineData("aaaaaaaaaaaaaaaa", "password_common")]
    [InlineData("password1234", "password_common")]
    [InlineData("Password!2024", "password_common")]
    [InlineData("123456789012", "password_common")]
    [InlineData("iloveyou1234567", "password_common")]
    [InlineData("qwertyqwerty", "password_common")]
    [InlineData("abcabcabcabcabc", "password_common")]
    [InlineData("ada.lovelace12", "password_personal")]
    public void A_guessable_password_is_refused(string password, string code)
    {
        var broken = Assert.Throws<RuleBroken>(() =>
            PasswordRules.Check(password, "ada.lovelace@example.com", "Ada Lovelace"));

        Assert.Equal(code, broken.Code);
        Assert.Equal("password", broken.Pointer);
    }

    [Theory]
    [InlineData("a quiet overture at dusk")]
    [InlineData("ada writes long letters home")]
    [InlineData("7Kx!pm2#vQz9")]
    [InlineData("пятнадцать человек")]
    public void A_sentence_or_a_random_one_is_fine(string password) =>
        PasswordRules.Check(password, "ada.lovelace@example.com", "Ada Lovelace");
}
