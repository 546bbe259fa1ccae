using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Overture.Providers.Gmail;

/// <summary>
/// A large message as a multipart upload: its data as JSON, then the message as it is, with neither the
/// third more of base64 nor a body that must be held twice.
/// </summary>
static class GmailUpload
{
    const string Path = "/upload/gmail/v1/users/me/drafts?uploadType=multipart";

    public static (string Operation, string Path, string ContentType, byte[] Body) Draft(
        ReadOnlyMemory<byte> message, string? threadId)
    {
        // No message can hold the digest of itself.
        var boundary = Convert.ToHexStringLower(SHA256.HashData(message.Span));
        object thread = threadId is null ? new { } : new { threadId };
        var data = JsonSerializer.Serialize(new { message = thread });
        var head = Encoding.UTF8.GetBytes(
            $"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{data}\r\n"
            + $"--{boundary}\r\nContent-Type: message/rfc822\r\n\r\n");
        var tail = Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n");
        return ("create_draft", Path, $"multipart/related; boundary={boundary}",
            [.. head, .. message.Span, .. tail]);
    }
}
