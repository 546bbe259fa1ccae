using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

public class PhraseTests
{
    [Theory]
    [InlineData("user unknown", "550 user unknown here", true)]
    [InlineData("user * unknown", "user ann is unknown", true)]
    [InlineData("user * unknown", "unknown user", false)]
    [InlineData("^sent from*phone$", "sent from my phone", true)]
    [InlineData("^sent from*phone$", "it was sent from my phone", false)]
    [InlineData("^sent from*phone$", "sent from my phones", false)]
    [InlineData("^fine$", "fine", true)]
    [InlineData("^fine$", "fine!", false)]
    [InlineData("a*a$", "a", false)]
    public void A_phrase_is_found_as_it_is_written(string phrase, string text, bool found) =>
        Assert.Equal(found, Phrase.Parse(phrase).In(text));
}
