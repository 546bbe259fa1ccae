using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Overture.Testing;

/// <summary>A message in the played mailbox.</summary>
public sealed record GmailSinkMessage(
    string Id, string ThreadId, IReadOnlyList<string> Labels, int History, byte[] Bytes, string? MessageId,
    DateTimeOffset At);

/// <summary>The ways to misbehave at one call.</summary>
public enum GmailSinkFault
{
    /// <summary>403, too fast.</summary>
    TooFast,

    /// <summary>429 that names a moment hours away.</summary>
    TooMany,

    /// <summary>403, the day's allowance is used up.</summary>
    DayIsOver,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>Cuts the connection before doing anything.</summary>
    LoseQuestion,

    /// <summary>Does what was asked and cuts the connection instead of answering.</summary>
    LoseAnswer,
}

/// <summary>Reads the two forms in which a draft comes.</summary>
static class GmailSinkUpload
{
    public static (byte[] Bytes, string? ThreadId) ReadJson(byte[] body)
    {
        var message = JsonDocument.Parse(body).RootElement.GetProperty("message");
        return (Base64Url.DecodeFromChars(message.GetProperty("raw").GetString()), ThreadOf(message));
    }

    public static (byte[] Bytes, string? ThreadId) Read(byte[] body)
    {
        var text = Encoding.Latin1.GetString(body);
        var boundary = text[..text.IndexOf('\r')];
        var parts = text.Split(boundary);
        var data = parts[1][(parts[1].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var message = parts[2][(parts[2].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..^2];
        return (Encoding.Latin1.GetBytes(message),
            ThreadOf(JsonDocument.Parse(data).RootElement.GetProperty("message")));
    }

    static string? ThreadOf(JsonElement message) =>
        message.TryGetProperty("threadId", out var thread) ? thread.GetString() : null;
}
