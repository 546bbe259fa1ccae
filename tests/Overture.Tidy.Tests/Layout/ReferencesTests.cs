namespace Overture.Tidy.Tests.Layout;

public sealed class ReferencesTests
{
    [Fact]
    public void Leaves_stand_alone() => Repository.Holds(References.OfLeaves(Repository.Files));

    [Fact]
    public void Nothing_points_back() => Repository.Holds(References.BackwardsInCode(Repository.Files));

    [Theory]
    [InlineData("<ProjectReference Include=\"../Overture.Core.csproj\" />", 1)]
    [InlineData("<PackageReference Include=\"Npgsql\" />", 1)]
    [InlineData("<PackageReference Include=\"AngleSharp\" />", 0)]
    public void A_reference_of_a_leaf_is_found(string text, int count) =>
        Assert.Equal(
            count, References.OfLeaves([new("src/Overture.Mail/Overture.Mail.csproj", text)]).Count());

    [Theory]
    [InlineData("src/Overture.Core/X.cs", "using Microsoft.AspNetCore.Http;", 1)]
    [InlineData("src/Overture.Core/X.cs", "using Microsoft.AspNetCore.DataProtection.Repositories;", 0)]
    [InlineData("src/Overture.Core/X.cs", "using Overture.Mail;", 0)]
    [InlineData("src/Overture.Core/X.cs", "using Overture.Server.Web;", 1)]
    [InlineData("src/Overture.Mail/X.cs", "using Overture.Core.Model;", 1)]
    [InlineData("src/Overture.Mail/X.cs", "using Overture.Mail.Inbound;", 0)]
    [InlineData("src/Overture.Server/X.cs", "using Microsoft.AspNetCore.Http;", 0)]
    public void A_using_that_points_back_is_found(string path, string text, int count) =>
        Assert.Equal(count, References.BackwardsInCode([new(path, text + "\n")]).Count());
}
