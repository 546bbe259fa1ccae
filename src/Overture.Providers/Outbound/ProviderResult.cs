namespace Overture.Providers.Outbound;

/// <summary>
/// An answer or a failure, never both; expected trouble of the outside world is a value here.
/// </summary>
/// <typeparam name="T">What the call gives when it succeeds.</typeparam>
public sealed class ProviderResult<T>
{
    readonly T? value;

    internal ProviderResult(T value, Answer? raw)
    {
        this.value = value;
        Raw = raw;
    }

    internal ProviderResult(ProviderFailure failure, Answer? raw)
    {
        Failure = failure;
        Raw = raw;
    }

    /// <summary>True when <see cref="Value"/> may be read.</summary>
    public bool IsOk => Failure is null;

    /// <summary>Why there is no value; null on success.</summary>
    public ProviderFailure? Failure { get; }

    /// <summary>The bytes received, also of an answer that could not be used; null when none came.</summary>
    public Answer? Raw { get; }

    /// <summary>The value; reading it after a failure is a bug and throws.</summary>
    public T Value => Failure is null
        ? value!
        : throw new InvalidOperationException($"There is no value: {Failure.Sentence}");

    /// <summary>The same failure, or the value turned into another one.</summary>
    public ProviderResult<TOther> Map<TOther>(Func<T, TOther> turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return Failure is null ? new(turn(value!), Raw) : new(Failure, Raw);
    }
}

/// <summary>What came back over HTTP, read completely and unpacked.</summary>
/// <param name="Address">The address that answered, after redirects; it holds no key.</param>
/// <param name="HttpCode">The HTTP code.</param>
/// <param name="Headers">Headers by name, in any case; several values are joined by a comma.</param>
/// <param name="Body">The body's bytes, at most the request's limit.</param>
/// <param name="At">When the answer was complete.</param>
public sealed record Answer(
    Uri Address, int HttpCode, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    /// <summary>The header's value; null when it is absent or empty.</summary>
    public string? Header(string name) =>
        Headers.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The media type without parameters, in lower case; empty when unknown.</summary>
    public string MediaType => (Header("Content-Type") ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>The code says success (200 to 299).</summary>
    public bool IsSuccess => HttpCode is >= 200 and < 300;
}
