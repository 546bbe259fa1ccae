using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Overture.Testing;

/// <summary>
/// Tells a mail server whether an OAuth token is good and whose it is (RFC 7662), over HTTP on loopback.
/// </summary>
public sealed class TokenServer : IAsyncDisposable
{
    /// <summary>The one token that is good; all others are not.</summary>
    public const string GoodToken = "good-token";

    readonly HttpListener listener = new();
    readonly Task answering;
    readonly string user;

    TokenServer(string user)
    {
        this.user = user;
        Url = new Uri($"http://127.0.0.1:{FreePort()}/");
        listener.Prefixes.Add(Url.AbsoluteUri);
        listener.Start();
        answering = Answer();
    }

    /// <summary>Where it answers; the token is given as <c>token?access_token=</c>.</summary>
    public Uri Url { get; }

    /// <summary>Starts one whose good token is this user's.</summary>
    public static TokenServer Start(string user) => new(user);

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await answering;
    }

    async Task Answer()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                var isGood = call.Request.QueryString["access_token"] == GoodToken;
                var json = isGood ? $$"""{"active":"yes","username":"{{user}}"}""" : """{"active":"no"}""";
                call.Response.ContentType = "application/json";
                call.Response.Close(Encoding.UTF8.GetBytes(json), willBlock: true);
            }
        }
        catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
        {
            return;
        }
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
