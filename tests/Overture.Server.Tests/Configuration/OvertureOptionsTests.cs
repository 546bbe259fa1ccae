using Overture.Server.Configuration;

namespace Overture.Server.Tests.Configuration;

public sealed class OvertureOptionsTests
{
    [Theory]
    [InlineData("http://0.0.0.0:8080", null, "http://localhost:8080")]
    [InlineData("http://[::]:8080;http://10.0.0.1:80", null, "http://localhost:8080")]
    [InlineData("http://+:8080", null, "http://localhost:8080")]
    [InlineData("http://10.0.0.1:8080/", null, "http://10.0.0.1:8080")]
    [InlineData("http://0.0.0.0:8080", "https://overture.example/", "https://overture.example")]
    public void The_address_in_links_is_one_that_can_be_opened(string urls, string? given, string expected) =>
        Assert.Equal(expected, new OvertureOptions { Urls = urls, PublicUrl = given }.PublicAddress);
}
