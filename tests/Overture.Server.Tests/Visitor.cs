using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Overture.Testing;

namespace Overture.Server.Tests;

/// <summary>
/// A browser or a program that speaks plain HTTP: sends exactly what a test says, follows nothing.
/// </summary>
public sealed partial class Visitor(string address) : IDisposable
{
    readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = new Uri(address),
    };

    readonly Dictionary<string, string> cookies = [];

    public IReadOnlyDictionary<string, string> Cookies => cookies;

    public void SetCookie(string name, string value) => cookies[name] = value;

    public Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, null, [("Accept", "text/html"), .. headers]);

    public Task<HttpResponseMessage> GetJson(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, null, [("Accept", "application/json"), .. headers]);

    public Task<HttpResponseMessage> PostJson(
        string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    /// <summary>A form as a browser on our own page sends it.</summary>
    public Task<HttpResponseMessage> PostForm(string path, params (string Name, string Value)[] fields) =>
        Send(HttpMethod.Post, path,
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            [("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin")]);

    /// <summary>
    /// Fetches the page for its token, as a browser does, and fills in the form of that name.
    /// </summary>
    public async Task<HttpResponseMessage> FillIn(
        string path, string form, params (string Name, string Value)[] fields) =>
        await PostForm(
            path, [("_handler", form), ("__RequestVerificationToken", await FormToken(path)), .. fields]);

    public async Task<string> FormToken(string path)
    {
        using var page = await Get(path);
        return WebUtility.HtmlDecode(
            Token().Match(await page.Content.ReadAsStringAsync()).Groups["token"].Value);
    }

    public Task<HttpResponseMessage> SignIn(string email, string password) =>
        FillIn("/login", "login", ("email", email), ("password", password));

    public Task<HttpResponseMessage> Send(
        HttpMethod method, string path, HttpContent? body, params (string Name, string Value)[] headers) =>
        Send(method, path, body, CancellationToken.None, headers);

    /// <summary>The same by somebody who may give up waiting.</summary>
    public async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancel,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (cookies.Count > 0)
            request.Headers.TryAddWithoutValidation(
                "Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var response = await client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancel);
        Remember(response);
        return response;
    }

    public void Dispose() => client.Dispose();

    void Remember(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var set)) return;
        foreach (var line in set)
        {
            var (name, value) = line.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : ("", "");
            if (value.Length == 0) cookies.Remove(name);
            else cookies[name] = value;
        }
    }

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}

/// <summary>A claimed instance whose owner's cookie is known.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public class ClaimedApp : RunningApp
{
    public string OwnerToken { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        OwnerToken = await Claim();
    }

    public Visitor Stranger() => new(Address);

    public Visitor SignedIn()
    {
        var visitor = new Visitor(Address);
        visitor.SetCookie("overture", OwnerToken);
        return visitor;
    }
}
