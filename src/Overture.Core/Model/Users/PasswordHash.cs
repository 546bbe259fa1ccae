using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Overture.Core.Model;

/// <summary>
/// Passwords as PHC strings: Argon2id where the system has it, PBKDF2-HMAC-SHA512 otherwise. A hash names its
/// own cost, so stronger settings apply at the next sign-in.
/// </summary>
public static class PasswordHash
{
    const int SaltBytes = 16;
    const int HashBytes = 32;
    const int Pbkdf2Rounds = 220_000;
    const int LongestQueue = 16;
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    static readonly Argon2Cost Cost = new(Passes: 3, MemoryKib: 64 * 1024, Lanes: 1);

    // A hash takes 64 MiB and a core; a crowd at the door must not take all of them.
    static readonly SemaphoreSlim Places = new(Environment.ProcessorCount);
    static int waiting;

    /// <summary>
    /// A hash no password has, so that an unknown name costs the same time as a wrong password.
    /// </summary>
    static readonly Lazy<string> Nobody = new(() => Make(Guid.NewGuid().ToString(), Argon2.IsAvailable));

    public static Task<string> Create(string password, CancellationToken cancel) =>
        InTurn(() => Make(password, Argon2.IsAvailable), cancel);

    /// <summary>
    /// Compares in constant time; takes as long for a missing hash as for a wrong password.
    /// </summary>
    public static Task<bool> Verify(string password, string? hash, CancellationToken cancel) =>
        InTurn(() => Matches(password, hash ?? Nobody.Value) && hash is not null, cancel);

    /// <summary>True when the hash is weaker than what would be made now.</summary>
    public static bool NeedsRenewal(string hash) =>
        !hash.StartsWith(Prefix(Argon2.IsAvailable), StringComparison.Ordinal);

    internal static string Make(string password, bool withArgon2)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var secret = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        var hash = withArgon2
            ? Argon2.Hash(secret, salt, Cost, HashBytes) : Pbkdf2(secret, salt, Pbkdf2Rounds);
        return $"{Prefix(withArgon2)}{Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}";
    }

    internal static bool Matches(string password, string phc)
    {
        var secret = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        var parts = phc.Split('$');
        var (salt, expected) = (Base64Url.DecodeFromChars(parts[^2]), Base64Url.DecodeFromChars(parts[^1]));
        var actual = parts[1] switch
        {
            "argon2id" => Argon2.Hash(
                secret, salt, new(Number(parts[3], "t="), Number(parts[3], "m="), Number(parts[3], "p=")),
                expected.Length),
            "pbkdf2-sha512" => Pbkdf2(secret, salt, Number(parts[2], "i=")),
            _ => throw new InvalidOperationException($"Unknown kind of password hash: {parts[1]}."),
        };
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }

    static string Prefix(bool withArgon2) => withArgon2
        ? $"$argon2id$v=19$m={Cost.MemoryKib},t={Cost.Passes},p={Cost.Lanes}$"
        : $"$pbkdf2-sha512$i={Pbkdf2Rounds}$";

    static byte[] Pbkdf2(byte[] secret, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(secret, salt, rounds, HashAlgorithmName.SHA512, HashBytes);

    static int Number(string settings, string name) => int.Parse(
        settings.Split(',').Single(part =>
            part.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length),
        CultureInfo.InvariantCulture);

    static async Task<T> InTurn<T>(Func<T> work, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref waiting) > LongestQueue + Environment.ProcessorCount)
        {
            Interlocked.Decrement(ref waiting);
            throw Busy();
        }

        try
        {
            if (!await Places.WaitAsync(LongestWait, cancel)) throw Busy();
            try
            {
                return await Task.Run(work, cancel);
            }
            finally
            {
                Places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    static RuleBroken Busy() =>
        new("rate_limited", "Many people are signing in at this moment. Wait a few seconds and try again.");
}
