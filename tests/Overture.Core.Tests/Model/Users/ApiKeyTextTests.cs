using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public sealed class ApiKeyTextTests
{
    [Fact]
    public void A_key_reads_back_and_looks_as_documented()
    {
        var text = ApiKeyText.Create().ToString();

        Assert.Matches("^ovt_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$", text);
        Assert.Equal(text, ApiKeyText.Parse(text)!.ToString());
    }

    [Fact]
    public void A_mistyped_character_anywhere_is_noticed()
    {
        var text = ApiKeyText.Create().ToString();
        for (var at = 0; at < text.Length; at++)
        {
            var mistyped = text[..at] + (text[at] == 'a' ? 'b' : 'a') + text[(at + 1)..];
            Assert.Null(ApiKeyText.Parse(mistyped));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ovt_live_")]
    [InlineData("ovt_live_12345678_______________________________________________________")]
    public void Anything_else_is_no_key(string? text) => Assert.Null(ApiKeyText.Parse(text));
}
