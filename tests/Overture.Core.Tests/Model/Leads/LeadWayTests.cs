using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public sealed class LeadWayTests
{
    const double All = 10_000_000;

    [Theory]
    [InlineData("one:*=40", nameof(LeadRoute.Gathered), "one:*")]
    [InlineData("one:*=9000000", nameof(LeadRoute.InOrder), "one:*")]
    [InlineData("one:*=60000", nameof(LeadRoute.InStretches), "one:*")]
    [InlineData("last0=130000 director:*=1400000", nameof(LeadRoute.InStretches), "last0")]
    [InlineData("first0=370000 manager:*=5500000", nameof(LeadRoute.InOrder), "first0")]
    [InlineData("manager=5500000 first7:*=40", nameof(LeadRoute.Gathered), "manager & first7:*")]
    [InlineData("industry=600000 country=700000", nameof(LeadRoute.InStretches), "industry & country")]
    public void Words_are_met_by_reading_little(string terms, string route, string sought)
    {
        var way = Way(terms);
        Assert.Equal((route, sought), (way.Route.ToString(), way.Sought));
    }

    [Fact]
    public void Few_leads_in_a_state_are_gone_through_in_its_order()
    {
        var terms = Terms("industry=590000 email=8000000");
        Assert.Equal(LeadRoute.InOrder, LeadWay.Of(terms, All, 0.04, 0.04 * All, LeadSort.Newest, 51).Route);
        Assert.NotEqual(LeadRoute.InOrder, LeadWay.Of(terms, All, 0.0001, All, LeadSort.Newest, 51).Route);
    }

    [Fact]
    public void Another_order_than_that_of_the_numbers_is_never_read_in_stretches()
    {
        Assert.Equal(
            LeadRoute.Gathered,
            LeadWay.Of(Terms("source=200000 country=68000"), All, 1, All, LeadSort.Name, 51).Route);
        Assert.Equal(
            LeadRoute.InOrder, LeadWay.Of(Terms("country=700000"), All, 1, All, LeadSort.Name, 51).Route);
    }

    [Theory]
    [InlineData(0.07, 0.07, nameof(LeadRoute.GatheredInOrder))]
    [InlineData(0.00001, 1, nameof(LeadRoute.Gathered))]
    public void Leads_with_a_score_are_met_in_its_order_unless_they_are_few(
        double share, double inOrder, string route)
    {
        var way = LeadWay.Of(
            Terms("source=200000 country=680000"), All, share, inOrder * All, LeadSort.Score, 51);
        Assert.Equal(route, way.Route.ToString());
    }

    [Fact]
    public void A_word_on_no_lead_at_all_is_asked_for_by_itself() =>
        Assert.Equal(LeadRoute.Gathered, LeadWay.Of(Terms("one:*=1"), 1, 1, 1, LeadSort.Newest, 51).Route);

    static LeadWay Way(string terms) => LeadWay.Of(Terms(terms), All, 1, All, LeadSort.Newest, 51);

    static List<(LeadTerm, long)> Terms(string text) => [.. text.Split(' ').Select(term => term.Split('='))
        .Select(term => (
            new LeadTerm(term[0], term[0].EndsWith(":*", StringComparison.Ordinal)),
            long.Parse(term[1], System.Globalization.CultureInfo.InvariantCulture)))];
}
