using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Overture.Providers.Outbound;

namespace Overture.Providers;

/// <summary>
/// What every client needs to make its calls: the way out, the profile, the base address, the key.
/// </summary>
/// <param name="outbound">The one way out.</param>
/// <param name="profile">How the service is to be treated.</param>
/// <param name="baseUrl">From the options.</param>
/// <param name="key">The key, when the service needs one.</param>
/// <param name="problems">What is wrong with the options; then nothing is called.</param>
sealed class ProviderCaller(
    OutboundHttp outbound, ProviderProfile profile, Uri baseUrl, Credential? key,
    IReadOnlyList<string> problems)
{
    static readonly JsonSerializerOptions JsonOptions = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Name => profile.Name;

    public Task<ProviderResult<T>> Get<T>(
        string operation, string path, Func<byte[], T?> read, CancellationToken cancellation,
        decimal cost = 0,
        Func<Answer, decimal?>? costOf = null)
        where T : class =>
        Ask(new ProviderRequest(operation, HttpMethod.Get, Address(path)) { Cost = cost, CostOf = costOf },
            read, cancellation);

    /// <param name="operation">The call's name.</param>
    /// <param name="path">Below the base address.</param>
    /// <param name="body">Becomes JSON; nulls are left out.</param>
    /// <param name="read">Reads the answer; null means that nothing was found.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="cost">The expected cost.</param>
    /// <param name="isRepeatable">True for calls that only read, though they POST.</param>
    /// <param name="costOf">The real cost.</param>
    public Task<ProviderResult<T>> Post<T>(
        string operation, string path, object body, Func<byte[], T?> read, CancellationToken cancellation,
        decimal cost = 0, bool isRepeatable = false, Func<Answer, decimal?>? costOf = null)
        where T : class =>
        Ask(new ProviderRequest(operation, HttpMethod.Post, Address(path))
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, JsonOptions),
            Cost = cost,
            CostOf = costOf,
            IsRepeatable = isRepeatable,
        }, read, cancellation);

    /// <summary>Posts bytes that are no JSON; never made again by itself.</summary>
    public Task<ProviderResult<T>> Send<T>(
        (string Operation, string Path, string ContentType, byte[] Body) upload, Func<byte[], T?> read,
        CancellationToken cancellation)
        where T : class =>
        Ask(new ProviderRequest(upload.Operation, HttpMethod.Post, Address(upload.Path))
        {
            Body = upload.Body,
            ContentType = upload.ContentType,
        }, read, cancellation);

    /// <summary>Deletes; the answer's content does not matter.</summary>
    public Task<ProviderResult<string>> Delete(
        string operation, string path, CancellationToken cancellation) =>
        Ask(new ProviderRequest(operation, HttpMethod.Delete, Address(path)), _ => "deleted", cancellation);

    public async Task<ProviderResult<bool>> Test(string path, CancellationToken cancellation) =>
        (await Get("test", path, Loose.Checked, cancellation)).Map(_ => true);

    /// <summary>A query string of the pairs whose value is there; lists are joined by commas.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        List<string> parts = [];
        foreach (var (name, value) in pairs)
        {
            if (!string.IsNullOrEmpty(value))
                parts.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    Task<ProviderResult<T>> Ask<T>(
        ProviderRequest request, Func<byte[], T?> read, CancellationToken cancellation)
        where T : class
    {
        if (problems.Count > 0)
        {
            var failure = new ProviderFailure(Name, FailureKind.NotConfigured, string.Join(' ', problems));
            return Task.FromResult(new ProviderResult<T>(failure, null));
        }

        return outbound.Ask(
            profile, request with { Credential = key }, answer => read(answer.Body), cancellation);
    }

    Uri Address(string path) => ProviderRequest.At(baseUrl, path);
}
