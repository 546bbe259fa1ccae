using System.Runtime.Versioning;
using Overture.Core.Data;

namespace Overture.Core.Tests.Data;

[UnsupportedOSPlatform("windows")]
public sealed class SecretKeyFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("overture-key-").FullName;

    string File => Path.Combine(folder, "inner", "secret.key");

    [Fact]
    public void The_first_use_makes_a_file_only_its_owner_may_read()
    {
        var made = SecretKeyFile.Load(base64: null, File);
        var again = SecretKeyFile.Load(base64: null, File);

        Assert.Equal(made.KeyId, again.KeyId);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_file_others_may_read_is_refused_with_the_remedy()
    {
        SecretKeyFile.Load(base64: null, File);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var error = Assert.Throws<SecretUnreadable>(() => SecretKeyFile.Load(base64: null, File));

        Assert.Contains($"chmod 600 {File}", error.Message);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_key_of_another_size_is_refused(string base64) =>
        Assert.Throws<SecretUnreadable>(() => SecretKeyFile.Load(base64, File));

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
