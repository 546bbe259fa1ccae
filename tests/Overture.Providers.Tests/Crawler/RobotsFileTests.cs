using System.Text;
using Overture.Providers.Crawler;

namespace Overture.Providers.Tests.Crawler;

public class RobotsFileTests
{
    [Theory]
    [InlineData("User-agent: *\nDisallow: /private", "/private/x", false)]
    [InlineData("User-agent: *\nDisallow: /private", "/public", true)]
    [InlineData("User-agent: *\nDisallow:", "/x", true)]
    [InlineData("User-agent: *\nDisallow: /\nAllow: /contact", "/contact", true)]
    [InlineData("User-agent: *\nDisallow: /\nAllow: /contact", "/", false)]
    [InlineData("User-agent: *\nAllow: /a\nDisallow: /a", "/a", true)]
    [InlineData("User-agent: *\nDisallow: /*.php$", "/x/y.php", false)]
    [InlineData("User-agent: *\nDisallow: /*.php$", "/x/y.php?a=1", true)]
    [InlineData("User-agent: *\nDisallow: /a*b*c", "/a11b22c33", false)]
    [InlineData("User-agent: other\nDisallow: /", "/x", true)]
    [InlineData("User-agent: *\nDisallow: /\n\nUser-agent: overturebot\nDisallow: /only", "/x", true)]
    [InlineData("User-agent: *\nDisallow: /\n\nUser-agent: overturebot\nDisallow: /only", "/only", false)]
    [InlineData("User-agent: a\nUser-agent: *\nDisallow: /x", "/x", false)]
    [InlineData("user-agent:*\r\ndisallow:/x # why\r\n", "/x", false)]
    [InlineData("<html>not a robots file</html>", "/x", true)]
    [InlineData("", "/x", true)]
    public void Rules_follow_RFC_9309(string file, string path, bool isAllowed) =>
        Assert.Equal(isAllowed, RobotsFile.Parse("OvertureBot", Encoding.UTF8.GetBytes(file)).Allows(path));

    [Fact]
    public void Delays_are_read_and_limited()
    {
        Assert.Equal(TimeSpan.FromSeconds(2.5), Parse("User-agent: *\nCrawl-delay: 2.5").CrawlDelay);
        Assert.Equal(TimeSpan.FromMinutes(1), Parse("User-agent: *\nCrawl-delay: 86400").CrawlDelay);
        Assert.Null(Parse("User-agent: *\nCrawl-delay: soon").CrawlDelay);
        Assert.False(RobotsFile.DisallowAll.Allows("/"));
    }

    [Fact]
    public void Hostile_patterns_end_quickly()
    {
        var file = Parse("User-agent: *\nDisallow: /" + string.Concat(Enumerable.Repeat("*a", 2000)) + "$");

        Assert.True(file.Allows("/" + new string('a', 4000) + "b"));
    }

    static RobotsFile Parse(string text) => RobotsFile.Parse("OvertureBot", Encoding.UTF8.GetBytes(text));
}
