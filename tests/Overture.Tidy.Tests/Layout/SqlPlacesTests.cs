namespace Overture.Tidy.Tests.Layout;

public sealed class SqlPlacesTests
{
    [Fact]
    public void Sql_stands_where_it_belongs() => Repository.Holds(SqlPlaces.Elsewhere(Repository.Files));

    [Theory]
    [InlineData("select id from leads", true)]
    [InlineData("select 1", true)]
    [InlineData("select pg_notify('x', '')", true)]
    [InlineData("\\n  insert into leads values (1)", true)]
    [InlineData("update leads set state = 'new'", true)]
    [InlineData("delete from leads", true)]
    [InlineData("with due as (select 1)", true)]
    [InlineData("Select a file from the list", false)]
    [InlineData("update the settings", false)]
    [InlineData("selected", false)]
    public void Sql_elsewhere_is_found(string text, bool found)
    {
        var code = $"class X {{ string s = \"{text.Replace("\\n", "", StringComparison.Ordinal)}\"; }}";
        Assert.Equal(found, SqlPlaces.Elsewhere([new("src/Overture.Core/Model/Leads/Leads.cs", code)]).Any());
        Assert.Empty(SqlPlaces.Elsewhere([new("src/Overture.Core/Model/Leads/LeadStore.cs", code)]));
        Assert.Empty(SqlPlaces.Elsewhere([new("src/Overture.Core/Jobs/Claim.cs", code)]));
    }
}
