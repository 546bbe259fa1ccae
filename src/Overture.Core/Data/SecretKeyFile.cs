using System.Security.Cryptography;

namespace Overture.Core.Data;

/// <summary>
/// The instance key: 32 random bytes in a file only its owner may read. It is never in the database or in a
/// backup of it; without it the sealed secrets stay closed.
/// </summary>
public static class SecretKeyFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The key given as base64 text, or the one in the file, which is made on first use.</summary>
    public static SecretBox Load(string? base64, string path)
    {
        if (!string.IsNullOrWhiteSpace(base64))
            return new SecretBox(Decode(base64, "The configured secret key"));
        if (!File.Exists(path)) Create(path);
        RefuseOpenPermissions(path);
        return new SecretBox(Decode(File.ReadAllText(path), $"The secret key file {path}"));
    }

    /// <summary>True when others than the owner may read the file; never on Windows.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path)
            && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None;

    static void RefuseOpenPermissions(string path)
    {
        if (IsOpenToOthers(path))
            throw new SecretUnreadable($"Others may read the secret key file {path}. Run: chmod 600 {path}");
    }

    static byte[] Decode(string base64, string what)
    {
        var bytes = new byte[SecretBox.KeyBytes + 1];
        return Convert.TryFromBase64String(base64.Trim(), bytes, out var count) && count == SecretBox.KeyBytes
            ? bytes[..count]
            : throw new SecretUnreadable($"{what} is not {SecretBox.KeyBytes} bytes in base64.");
    }

    static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        // A half-written key must never be read by a second process, hence the move into place.
        var draft = path + "." + Environment.ProcessId;
        using (var writer = new StreamWriter(draft, options))
            writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes)));
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
