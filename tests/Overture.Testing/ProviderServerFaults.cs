using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Overture.Testing;

/// <summary>The ways in which a provider misbehaves.</summary>
public enum ProviderFault
{
    TooManyWithSeconds, TooManyWithDate, TooManyWithoutHint, TooManyHuge, ServerError, GatewayHtml, OkHtml,
    CutJson,
    WrongTypes, DuplicateKeys, DeepNesting, NotANumber, EndlessStream, GzipBomb, RedirectToLoopback,
    SlowHeaders,
    SlowBody, Reset, NoContent, Empty, TwiceDelivered, Forbidden,
}

/// <summary>Writes the misbehaviour.</summary>
static class ProviderServerFaults
{
    const int BombBytes = 1 << 30;
    const int ChunkBytes = 1 << 16;
    const int NestingDepth = 10_000;

    public static Task Commit(ProviderFault fault, HttpContext context)
    {
        var response = context.Response;
        return fault switch
        {
            ProviderFault.TooManyWithSeconds => TooMany(response, "1"),
            ProviderFault.TooManyWithDate =>
                TooMany(response, TimeProvider.System.GetUtcNow().AddSeconds(2)
                    .ToString("r", CultureInfo.InvariantCulture)),
            ProviderFault.TooManyWithoutHint => TooMany(response, null),
            ProviderFault.TooManyHuge => TooMany(response, "99999999999"),
            ProviderFault.ServerError => Write(response, 500, "application/json", "{\"error\":\"internal\"}"),
            ProviderFault.GatewayHtml =>
                Write(response, 502, "text/html", "<html><title>502 Bad Gateway</title></html>"),
            ProviderFault.OkHtml =>
                Write(response, 200, "text/html", "<!DOCTYPE html><html><title>Sign in</title></html>"),
            ProviderFault.CutJson =>
                Write(response, 200, "application/json", "{\"data\":{\"email\":\"jane@exa"),
            ProviderFault.WrongTypes => Write(response, 200, "application/json", "[true,42,\"text\",null]"),
            ProviderFault.DuplicateKeys => Write(
                response, 200, "application/json", "{\"data\":1,\"data\":"
                    + "{\"email\":\"a@example.com\",\"email\":7},\"data\":[]}"),
            ProviderFault.DeepNesting => Write(response, 200, "application/json", Nested()),
            ProviderFault.NotANumber =>
                Write(response, 200, "application/json", "{\"data\":{\"score\":NaN}}"),
            ProviderFault.EndlessStream => Endless(context),
            ProviderFault.GzipBomb => Bomb(context),
            ProviderFault.RedirectToLoopback => Redirect(response),
            ProviderFault.SlowHeaders => Hang(context),
            ProviderFault.SlowBody => SlowBody(context),
            ProviderFault.Reset => Reset(context),
            ProviderFault.NoContent => Write(response, 204, null, ""),
            ProviderFault.Empty => Write(response, 200, "application/json", ""),
            ProviderFault.TwiceDelivered =>
                Write(response, 200, "application/json", "{\"data\":{}}{\"data\":{}}"),
            ProviderFault.Forbidden => Write(response, 403, "application/json", "{\"error\":\"forbidden\"}"),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
    }

    static Task TooMany(HttpResponse response, string? retryAfter)
    {
        if (retryAfter is not null) response.Headers.RetryAfter = retryAfter;
        return Write(response, 429, "application/json", "{\"error\":\"slow down\"}");
    }

    static async Task Write(HttpResponse response, int code, string? contentType, string body)
    {
        response.StatusCode = code;
        response.ContentType = contentType;
        if (body.Length > 0) await response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }

    static string Nested() =>
        new StringBuilder().Insert(0, "{\"a\":", NestingDepth).Append('1').Append('}', NestingDepth)
            .ToString();

    static async Task Endless(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        var chunk = new byte[ChunkBytes];
        Array.Fill(chunk, (byte)' ');
        for (long sent = 0; sent < BombBytes; sent += chunk.Length)
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
    }

    static async Task Bomb(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = "gzip";
        var chunk = new byte[ChunkBytes];
        Array.Fill(chunk, (byte)' ');
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        for (long sent = 0; sent < BombBytes; sent += chunk.Length)
            await gzip.WriteAsync(chunk, context.RequestAborted);
    }

    static Task Redirect(HttpResponse response)
    {
        response.StatusCode = 302;
        response.Headers.Location = "http://127.0.0.1:1/internal";
        return Task.CompletedTask;
    }

    static Task Hang(HttpContext context) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    static async Task SlowBody(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync("{\"data\":"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Hang(context);
    }

    static Task Reset(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
