using System.Runtime.InteropServices;

namespace Overture.Core.Model;

/// <summary>Argon2id (RFC 9106) by the system's libargon2, where that is installed.</summary>
static class Argon2
{
    const string LibraryFile = "libargon2.so.1";

    static readonly HashRaw? Function = Load();

    delegate int HashRaw(
        uint passes, uint memoryKib, uint lanes,
        byte[] password, nuint passwordLength,
        byte[] salt, nuint saltLength,
        byte[] hash, nuint hashLength);

    public static bool IsAvailable => Function is not null;

    public static byte[] Hash(byte[] password, byte[] salt, Argon2Cost cost, int hashBytes)
    {
        if (Function is null)
            throw new PlatformNotSupportedException(
                $"This password was hashed with Argon2id, but {LibraryFile} is missing. "
                + "Install libargon2-1.");
        var hash = new byte[hashBytes];
        var code = Function((uint)cost.Passes, (uint)cost.MemoryKib, (uint)cost.Lanes,
            password, (nuint)password.Length, salt, (nuint)salt.Length, hash, (nuint)hash.Length);
        return code == 0
            ? hash : throw new InvalidOperationException($"{LibraryFile} answered with error {code}.");
    }

    static HashRaw? Load() =>
        NativeLibrary.TryLoad(LibraryFile, out var library)
        && NativeLibrary.TryGetExport(library, "argon2id_hash_raw", out var address)
            ? Marshal.GetDelegateForFunctionPointer<HashRaw>(address)
            : null;
}

/// <summary>What one hash costs: passes over the memory, memory in KiB, lanes.</summary>
sealed record Argon2Cost(int Passes, int MemoryKib, int Lanes);
