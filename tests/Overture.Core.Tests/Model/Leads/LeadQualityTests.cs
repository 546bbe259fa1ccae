using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public class LeadQualityTests
{
    static readonly DateTime Now = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    static readonly Contact Full = new()
    {
        FullName = "Ann Lee", FirstName = "Ann", Title = "CTO", Email = "Ann@Client.example",
        LinkedInUrl = "https://www.linkedin.com/in/ann", Phone = "1", Country = "Germany", UpdatedAt = Now,
    };

    static readonly Company Whole = new()
    {
        Name = "Client", Domain = "client.example", Industry = "Software", EmployeeCount = 3, Country = "Germany",
        Description = "x",
    };

    [Fact]
    public void Everything_known_and_checked_is_a_hundred_and_nothing_is_none()
    {
        var best = LeadQuality.Of(Full, Whole, [Check("valid", "ann@client.example")], Now);
        Assert.Equal(100, best.Points);
        var worst = LeadQuality.Of(
            new Contact { FullName = "Ann", UpdatedAt = Now.AddYears(-3) }, null, [], Now);
        Assert.Equal(0, worst.Points);
        Assert.All(worst.Parts, part => Assert.EndsWith(".", part.Why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("valid", 40)]
    [InlineData("risky", 25)]
    [InlineData("unknown", 20)]
    [InlineData("invalid", 0)]
    public void The_check_of_the_address_decides_its_part(string state, int points) => Assert.Equal(
        points, LeadQuality.Of(Full, Whole, [Check(state, "ann@client.example")], Now).Parts[0].Points);

    [Fact]
    public void The_check_of_an_address_that_was_replaced_counts_for_nothing() => Assert.Equal(
        20, LeadQuality.Of(Full, Whole, [Check("invalid", "old@client.example")], Now).Parts[0].Points);

    static Fact Check(string state, string email) =>
        new(AddressCheck.Field, new AddressCheck(email, state, null).ToJson(), "hunter", 1, Now);
}
