namespace Overture.Providers;

/// <summary>
/// An answer that cannot be read; its message says what was expected and what was found. Thrown by the pure
/// readers; the outbound pipeline turns it into a failure value.
/// </summary>
public sealed class MalformedAnswerException : Exception
{
    /// <summary>With what was wrong.</summary>
    public MalformedAnswerException(string message) : base(message) { }

    /// <summary>With what was wrong and its cause.</summary>
    public MalformedAnswerException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Without words.</summary>
    public MalformedAnswerException() { }
}
