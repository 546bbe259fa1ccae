using System.Security.Cryptography;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Recognises messages by what they are and not by where they lie: by Message-ID, date, sender and subject,
/// and by size where there is no id. One may serve several folders and threads; the oldest are forgotten
/// first.
/// </summary>
/// <param name="capacity">How many messages are remembered.</param>
public sealed class SeenMessages(int capacity = SeenMessages.UsualCapacity)
{
    /// <summary>How many messages are remembered, unless told otherwise.</summary>
    public const int UsualCapacity = 50_000;

    readonly Lock gate = new();
    readonly HashSet<string> identities = new(StringComparer.Ordinal);
    readonly Queue<string> order = new();

    /// <summary>Remembers an identity, such as one kept from before a restart.</summary>
    /// <param name="identity">As of <see cref="IdentityOf"/>.</param>
    /// <returns>Whether it was new.</returns>
    public bool Add(string identity)
    {
        lock (gate)
        {
            if (!identities.Add(identity)) return false;
            order.Enqueue(identity);
            if (order.Count > capacity) identities.Remove(order.Dequeue());
            return true;
        }
    }

    /// <summary>Remembers a message.</summary>
    /// <param name="message">A message with its envelope.</param>
    /// <returns>Whether it was new.</returns>
    public bool Add(ImapMessage message) => Add(IdentityOf(message));

    /// <summary>What makes a message the same wherever it lies.</summary>
    /// <param name="message">A message with its envelope.</param>
    public static string IdentityOf(ImapMessage message)
    {
        var envelope = message.Envelope;
        var id = envelope?.MessageId?.Trim();
        var from = envelope is { From.Count: > 0 } ? envelope.From[0].Address : null;
        // The id alone is not enough: a stranger who guesses one could hide the message that bears it.
        var facts = $"{id}\n{envelope?.Date}\n{from}\n{envelope?.Subject}\n{(id is null ? message.Size : 0)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts)));
    }
}
