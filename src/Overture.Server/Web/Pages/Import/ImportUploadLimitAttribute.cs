using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

/// <summary>The one page whose form may be large: a file, or rows pasted in its place.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ImportUploadLimitAttribute : Attribute, IRequestSizeLimitMetadata, IFormOptionsMetadata
{
    /// <summary>The name in the query by which the page learns that an upload was turned away.</summary>
    public const string Refused = "refused_mib";

    /// <summary>What the form's own lines may add to the file.</summary>
    const int FormBytes = 64 * 1024;

    const int MostBytes = Imports.MaxBytes + FormBytes;

    public long? MaxRequestBodySize => MostBytes;

    public int? ValueLengthLimit => Imports.MaxBytes;

    public long? MultipartBodyLengthLimit => MostBytes;

    public bool? BufferBody => null;

    public int? MemoryBufferThreshold => null;

    public long? BufferBodyLengthLimit => null;

    public int? ValueCountLimit => null;

    public int? KeyLengthLimit => null;

    public int? MultipartBoundaryLengthLimit => null;

    public int? MultipartHeadersCountLimit => null;

    public int? MultipartHeadersLengthLimit => null;

    /// <summary>
    /// Turns an upload away that says it is too large, before anything reads it. The page then tells so at
    /// its field, where the server's own refusal would cut the connection.
    /// </summary>
    public static Task Guard(HttpContext http, RequestDelegate next)
    {
        var limited = http.GetEndpoint()?.Metadata.GetMetadata<ImportUploadLimitAttribute>() is not null;
        if (!limited || http.Request.ContentLength is not > MostBytes) return next(http);
        // The server throws away what still comes, so that the browser gets to read the answer.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var mebibytes = (http.Request.ContentLength.Value / 1024 / 1024)
            .ToString(CultureInfo.InvariantCulture);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"/leads/import?{Refused}={mebibytes}";
        return Task.CompletedTask;
    }
}
