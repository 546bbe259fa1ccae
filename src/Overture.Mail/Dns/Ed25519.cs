using System.Numerics;
using System.Security.Cryptography;

namespace Overture.Mail.Dns;

/// <summary>
/// Verification of Ed25519 signatures (RFC 8032 section 5.1.7). Only public values are touched, so the plain
/// arithmetic need not hide its timing.
/// </summary>
static class Ed25519
{
    public const int KeyBytes = 32;
    public const int SignatureBytes = 64;

    static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    static readonly BigInteger L =
        BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
    static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (P - 1) / 4, P);
    static readonly Point Base = Decode(BaseBytes())!.Value;

    public static bool Verify(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (key.Length != KeyBytes || signature.Length != SignatureBytes) return false;
        if (Decode(key) is not { } a || Decode(signature[..32]) is null) return false;
        var s = new BigInteger(signature[32..], isUnsigned: true);
        if (s >= L) return false;
        var hash = new byte[64];
        byte[] input = [.. signature[..32], .. key, .. message];
        SHA512.HashData(input, hash);
        var k = new BigInteger(hash, isUnsigned: true) % L;
        // [S]B - [k]A must be R.
        var minusA = new Point(Mod(-a.X), a.Y, a.Z, Mod(-a.T));
        var r = Add(Multiply(s, Base), Multiply(k, minusA));
        return Encode(r).AsSpan().SequenceEqual(signature[..32]);
    }

    static byte[] BaseBytes()
    {
        var bytes = new byte[32];
        Array.Fill(bytes, (byte)0x66);
        bytes[0] = 0x58;
        return bytes;
    }

    static Point? Decode(ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        var odd = (copy[31] & 0x80) != 0;
        copy[31] &= 0x7f;
        var y = new BigInteger(copy, isUnsigned: true);
        if (y >= P) return null;
        var u = Mod((y * y) - 1);
        var v = Mod((D * y * y) + 1);
        var root = BigInteger.ModPow(u * BigInteger.ModPow(v, 7, P), (P - 5) / 8, P);
        var x = Mod(u * BigInteger.ModPow(v, 3, P) * root);
        var square = Mod(v * x * x);
        if (square == Mod(-u)) x = Mod(x * RootOfMinusOne);
        else if (square != u) return null;
        if (x.IsZero && odd) return null;
        if (!x.IsEven != odd) x = P - x;
        return new Point(x, y, BigInteger.One, Mod(x * y));
    }

    static byte[] Encode(Point point)
    {
        var inverse = Inverse(point.Z);
        var bytes = new byte[32];
        Mod(point.Y * inverse).TryWriteBytes(bytes, out _, isUnsigned: true);
        if (!Mod(point.X * inverse).IsEven) bytes[31] |= 0x80;
        return bytes;
    }

    static Point Multiply(BigInteger scalar, Point point)
    {
        var sum = new Point(0, 1, 1, 0);
        for (var bit = (int)scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            sum = Add(sum, sum);
            if (!((scalar >> bit) & 1).IsZero) sum = Add(sum, point);
        }

        return sum;
    }

    static Point Add(Point p, Point q)
    {
        var a = Mod((p.Y - p.X) * (q.Y - q.X));
        var b = Mod((p.Y + p.X) * (q.Y + q.X));
        var c = Mod(2 * p.T * q.T * D);
        var d = Mod(2 * p.Z * q.Z);
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    static BigInteger Mod(BigInteger value)
    {
        var rest = value % P;
        return rest.Sign < 0 ? rest + P : rest;
    }

    readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
