using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Overture.Testing;

/// <summary>
/// Stands in for all outside data services over real HTTP on loopback: replays recorded payloads, misbehaves
/// on demand, counts what it is asked. Each provider lives below its own first path segment
/// (<c>/hunter/v2/…</c>); EDGAR answers at the root as well.
/// </summary>
public sealed class ProviderServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ProviderServerEdgar edgar;
    readonly ProviderServerPayloads payloads;
    readonly ConcurrentQueue<SeenRequest> seen = new();
    readonly List<PlannedFault> faults = [];

    ProviderServer(string folder, WebApplication app)
    {
        this.app = app;
        edgar = new ProviderServerEdgar(Path.Combine(folder, "sec-edgar"));
        payloads = new ProviderServerPayloads(folder);
    }

    /// <summary>The server's address, with a trailing slash.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The same server behind a certificate nobody trusts.</summary>
    public Uri UntrustedUrl { get; private set; } = null!;

    /// <summary>Every request so far, in order of arrival.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. seen];

    /// <summary>The most requests that arrived within any one second.</summary>
    public int HighestRatePerSecond
    {
        get
        {
            var times = seen.Select(request => request.At).Order().ToArray();
            var highest = 0;
            for (int first = 0, last = 0; last < times.Length; last++)
            {
                while (times[last] - times[first] >= TimeSpan.FromSeconds(1)) first++;
                highest = Math.Max(highest, last - first + 1);
            }

            return highest;
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="folder">The folder of recorded payloads, one subfolder per provider.</param>
    /// <param name="port">0 for a free one.</param>
    public static async Task<ProviderServer> Start(string folder, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(UntrustedCertificate()));
        });
        var host = builder.Build();
        var server = new ProviderServer(folder, host);
        host.Run(server.Answer);
        await host.StartAsync();
        var addresses =
            host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.Url =
            new Uri(addresses.First(address => address.StartsWith("http:", StringComparison.Ordinal)));
        server.UntrustedUrl = new Uri(addresses.First(a => a.StartsWith("https:", StringComparison.Ordinal)));
        return server;
    }

    /// <summary>The base address of a provider.</summary>
    public Uri For(string provider) => new(Url, provider);

    /// <summary>How many requests came below a path.</summary>
    public int CountOf(string pathPrefix) =>
        seen.Count(request => request.Path.StartsWith(pathPrefix, StringComparison.Ordinal));

    /// <summary>Answers of a test's own, asked before all recordings; null leaves the request to them.</summary>
    public Func<SeenRequest, RecordedAnswer?>? Responder { get; set; }

    /// <summary>Forgets what was seen.</summary>
    public void Forget() => seen.Clear();

    /// <summary>
    /// Lets a recorded payload answer all further calls below the provider's path; a file that holds several
    /// answers gives them in order and then stays with the last.
    /// </summary>
    public void Play(string provider, string file) => payloads.Play(provider, file);

    /// <summary>Lets given bytes answer all further calls below the provider's path.</summary>
    public void Play(string provider, RecordedAnswer answer) => payloads.Play(provider, [answer]);

    /// <summary>Misbehaves for the next calls below a path.</summary>
    public void Fault(string pathPrefix, ProviderFault kind, int times = int.MaxValue)
    {
        lock (faults) faults.Add(new PlannedFault(pathPrefix, kind, times));
    }

    /// <summary>Behaves again.</summary>
    public void Behave()
    {
        lock (faults) faults.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Hanging answers must not hold up the end.
        using var hurry = new CancellationTokenSource();
        await hurry.CancelAsync();
        await app.StopAsync(hurry.Token);
        await app.DisposeAsync();
    }

    async Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        using var body = new StreamReader(context.Request.Body);
        var request = new SeenRequest(
            TimeSpan.FromTicks(Stopwatch.GetTimestamp() * TimeSpan.TicksPerSecond / Stopwatch.Frequency),
            context.Request.Method, path, context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(
                h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await body.ReadToEndAsync(context.RequestAborted));
        seen.Enqueue(request);
        if (Planned(path) is { } fault)
        {
            await ProviderServerFaults.Commit(fault, context);
            return;
        }

        var answer = Responder?.Invoke(request) ?? payloads.Played(path) ?? edgar.Answer(path, context.Request.Query)
            ?? payloads.Recorded(context.Request.Method, path)
            ?? RecordedAnswer.Text(404, "nothing is recorded here");
        context.Response.StatusCode = answer.Code;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        context.Response.ContentType = answer.ContentType;
        if (answer.Code != 204) await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    ProviderFault? Planned(string path)
    {
        lock (faults)
        {
            var planned =
                faults.Find(f => path.StartsWith(f.PathPrefix, StringComparison.Ordinal) && f.Times > 0);
            if (planned is null) return null;
            planned.Times--;
            return planned.Kind;
        }
    }

    static X509Certificate2 UntrustedCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nobody.invalid", key, HashAlgorithmName.SHA256);
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        using var certificate = request.CreateSelfSigned(from, from.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    sealed class PlannedFault(string pathPrefix, ProviderFault kind, int times)
    {
        public string PathPrefix => pathPrefix;

        public ProviderFault Kind => kind;

        public int Times { get; set; } = times;
    }
}

/// <summary>A request the provider server received.</summary>
public sealed record SeenRequest(
    TimeSpan At, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers,
    string Body);
