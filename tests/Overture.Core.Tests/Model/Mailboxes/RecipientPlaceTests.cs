using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public sealed class RecipientPlaceTests
{
    [Theory]
    [InlineData("Asia/Tokyo", "Germany", "ann@client.fr", "Asia/Tokyo", "DE")]
    [InlineData(null, "Germany", "ann@client.fr", "Europe/Berlin", "DE")]
    [InlineData(null, "de", "ann@client.fr", "Europe/Berlin", "DE")]
    [InlineData(null, "United Kingdom", null, "Europe/London", "GB")]
    [InlineData(null, "USA", null, "America/New_York", "US")]
    [InlineData(null, "Australia", null, "Australia/Sydney", "AU")]
    [InlineData(null, null, "ann@client.fr", "Europe/Paris", "FR")]
    [InlineData(null, null, "ann@client.co.uk", "Europe/London", "GB")]
    [InlineData("not a zone", null, "ann@client.jp", "Asia/Tokyo", "JP")]
    [InlineData(null, null, "ann@client.io", null, null)]
    [InlineData(null, null, "ann@client.com", null, null)]
    [InlineData(null, "somewhere", "ann@client.example", null, null)]
    public void The_field_counts_before_the_country_and_the_country_before_the_ending(
        string? timeZone, string? country, string? address, string? zone, string? code) =>
        Assert.Equal(new RecipientPlace(zone, code), RecipientPlace.Of(timeZone, country, address));
}
