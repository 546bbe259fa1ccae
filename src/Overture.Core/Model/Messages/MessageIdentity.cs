using System.Security.Cryptography;
using System.Text;

namespace Overture.Core.Model;

/// <summary>
/// The marks by which we know our own message again. They follow from the instance key and the enrollment's
/// step alone, so that a message written twice is the same message, and nobody can guess another's.
/// </summary>
public sealed record MessageIdentity(string MessageId, string ReferenceToken, string UnsubscribeToken)
{
    const int TokenBytes = 20;

    public static MessageIdentity For(
        byte[] instanceKey, long workspaceId, long enrollmentId, long stepId, string senderDomain)
    {
        var step = $"{workspaceId}|{enrollmentId}|{stepId}";
        var reference = Token(instanceKey, "reference|" + step);
        return new MessageIdentity(
            $"<{reference}@{senderDomain}>", reference, Token(instanceKey, "unsubscribe|" + step));
    }

    /// <summary>What the database keeps of an unsubscribe token.</summary>
    public static byte[] HashOf(string unsubscribeToken) =>
        SHA256.HashData(Encoding.ASCII.GetBytes(unsubscribeToken));

    static string Token(byte[] key, string purpose) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(purpose)).AsSpan(0, TokenBytes));
}
