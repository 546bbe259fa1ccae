using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public class FactChoiceTests
{
    static readonly DateTime Now = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("a person's word beats a surer machine", "manual:0.5:400", "hunter:0.99:0")]
    [InlineData("a source beats a rule of ours", "hunter:0.3:400", "offline_rules:0.95:0")]
    [InlineData("the surer source wins", "apollo:0.9:60", "hunter:0.6:1")]
    [InlineData("a fresh word beats a stale one of the same sureness", "apollo:0.82:10", "hunter:0.89:200")]
    [InlineData("the newer of two fresh ones wins", "apollo:0.80:1", "hunter:0.85:2")]
    [InlineData("by name when nothing tells them apart", "apollo:0.8:1", "hunter:0.8:1")]
    public void The_written_rule_decides(string rule, string winner, string loser)
    {
        foreach (var facts in new[] { new[] { winner, loser }, [loser, winner] })
            Assert.True(
                winner.StartsWith(FactChoice.InOrder(facts.Select(Fact), Now)[0].Provider, StringComparison.Ordinal),
                rule);
    }

    static Fact Fact(string text)
    {
        var parts = text.Split(':');
        var confidence = float.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return new Fact("title", "\"x\"", parts[0], confidence, Now.AddDays(-int.Parse(parts[2])));
    }
}
