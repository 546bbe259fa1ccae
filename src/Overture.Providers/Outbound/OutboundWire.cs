using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Overture.Providers.Outbound;

/// <summary>One exchange on the wire: address check, redirects, time and size limits; no retries.</summary>
sealed class OutboundWire(OutboundOptions options, TimeProvider time) : IDisposable
{
    const int MaxRedirects = 3;
    const int MaxHeaderKilobytes = 64;
    const int ChunkBytes = 64 * 1024;
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    static readonly HttpRequestOptionsKey<bool> Redirected = new("overture.redirected");

    readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would connect in our place and past the address check.
        UseProxy = false,
        AutomaticDecompression =
            DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectCallback = (context, cancellation) => PublicAddress.Connect(
            context.DnsEndPoint,
            options.AllowLoopback && !context.InitialRequestMessage.Options.TryGetValue(Redirected, out _),
            cancellation),
    });

    public void Dispose() => invoker.Dispose();

    public async Task<(Answer?, ProviderFailure?)> Exchange(
        ProviderProfile profile, ProviderRequest request, CancellationToken cancellation)
    {
        var timeout = options.LongestAttempt is { } cap && cap < profile.AttemptTimeout
            ? cap
            : profile.AttemptTimeout;
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var answer = await Follow(profile, request, both.Token);
            var failure = profile.Judge(answer);
            if (failure is not null && request.Credential is { } key)
                failure = failure with { Said = ProviderFailure.Clean(failure.Said, key.Value) };
            return (answer, failure);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, Lost(FailureKind.Timeout, ""));
        }
        catch (BodyTooLargeException tooLarge)
        {
            return (null, Lost(FailureKind.TooLarge, tooLarge.Message));
        }
        catch (UnsafeAddressException unsafeAddress)
        {
            return (null, Lost(FailureKind.UnsafeAddress, unsafeAddress.Message));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            var kind = e.InnerException switch
            {
                UnsafeAddressException => FailureKind.UnsafeAddress,
                AuthenticationException => FailureKind.Untrusted,
                _ => e is InvalidDataException ? FailureKind.Malformed : FailureKind.Unavailable,
            };
            var failure = Lost(kind, e.InnerException?.Message ?? e.Message);
            return (null, failure with
            {
                NeverArrived = e is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError,
                },
            });
        }

        ProviderFailure Lost(FailureKind kind, string said) =>
            new(profile.Name, kind,
                ProviderFailure.Clean(said, request.Credential?.Value)) { Address = request.Address };
    }

    async Task<Answer> Follow(
        ProviderProfile profile, ProviderRequest request, CancellationToken cancellation)
    {
        var address = request.Address;
        for (var redirects = 0; ; redirects++)
        {
            var isRedirected = redirects > 0 && address.Authority != request.Address.Authority;
            Check(address, isRedirected);
            using var message = Message(request, address, isRedirected);
            using var response = await invoker.SendAsync(message, cancellation);
            var isRedirect = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;
            if (!isRedirect || response.Headers.Location is not { } location || request.Body is not null)
                return await Read(profile, request, address, response, cancellation);
            if (redirects == MaxRedirects)
                throw new HttpRequestException($"more than {MaxRedirects} redirects");
            address = new Uri(address, location);
            if (!MayFollow(request, address))
                throw new UnsafeAddressException($"it redirects to another host, {address.Host}");
        }
    }

    static bool MayFollow(ProviderRequest request, Uri address)
    {
        if (address.Host == request.Address.Host) return true;
        return request.Credential is null
            && (request.MayChangeHost || Bare(address) == Bare(request.Address));

        static string Bare(Uri url) =>
            url.Host.StartsWith("www.", StringComparison.Ordinal) ? url.Host["www.".Length..] : url.Host;
    }

    void Check(Uri address, bool isRedirected)
    {
        var isNumber = IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var number);
        var isLoopback = isNumber ? PublicAddress.IsLoopback(number!) : address.IsLoopback;
        if (isLoopback && options.AllowLoopback && !isRedirected) return;
        if (isLoopback || (isNumber && !PublicAddress.Holds(number!)))
            throw new UnsafeAddressException($"{address.Host} is an address of a private network");
        if (address.UserInfo.Length > 0) throw new UnsafeAddressException("the address carries a user name");
        var isPlain = address.Scheme == Uri.UriSchemeHttp && options.AllowPlainHttp;
        if (!isPlain && address.Scheme != Uri.UriSchemeHttps)
            throw new UnsafeAddressException($"only https is called, not {address.Scheme}");
        if (!address.IsDefaultPort) throw new UnsafeAddressException($"port {address.Port} is not called");
    }

    HttpRequestMessage Message(ProviderRequest request, Uri address, bool isRedirected)
    {
        var message = new HttpRequestMessage(request.Method, address);
        if (isRedirected) message.Options.Set(Redirected, true);
        foreach (var (name, value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (!message.Headers.Contains("User-Agent"))
            message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (request.Credential is { } key) message.Headers.TryAddWithoutValidation(key.Header, key.Value);
        if (request.Body is null) return message;
        message.Content = new ByteArrayContent(request.Body);
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        return message;
    }

    async Task<Answer> Read(
        ProviderProfile profile, ProviderRequest request, Uri address, HttpResponseMessage response,
        CancellationToken cancellation)
    {
        var cap = request.MaxBodyBytes ?? profile.MaxBodyBytes;
        if (response.Content.Headers.ContentLength > cap) throw new BodyTooLargeException(cap);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var body = await ReadCapped(stream, cap, cancellation);
        return new Answer(address, (int)response.StatusCode, headers, body, time.GetUtcNow());
    }

    static async Task<byte[]> ReadCapped(Stream stream, int cap, CancellationToken cancellation)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var body = new MemoryStream();
            int count;
            while ((count = await stream.ReadAsync(chunk, cancellation)) > 0)
            {
                if (body.Length + count > cap) throw new BodyTooLargeException(cap);
                body.Write(chunk, 0, count);
            }

            return body.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    sealed class BodyTooLargeException(int cap) : Exception($"the answer is larger than {cap} bytes");
}
