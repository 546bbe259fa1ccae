using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Overture.Core.Data;
using Overture.Server.Api;

namespace Overture.Server.Startup;

/// <summary>How JSON reads and writes, and the OpenAPI document with its page.</summary>
static class ApiDocument
{
    const int DeepestJson = 32;
    const string Refusal = "Problem";

    public static void AddApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<JsonOptions>(json => Strictly(json.SerializerOptions));
        builder.Services.AddOpenApi("v1", document => document
            .AddOperationTransformer(Describe).AddDocumentTransformer((api, _, _) =>
        {
            api.Info = new OpenApiInfo
            {
                Title = "Overture",
                Version = "v1",
                Description = "Leads in, personal messages out, answers back. "
                    + "Every refusal is problem+json (RFC 9457).",
            };
            api.Servers = [];
            api.Components ??= new OpenApiComponents();
            api.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            api.Components.SecuritySchemes["api_key"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key made under Settings or by “overture key create”: ovt_live_…",
            };
            api.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(
                "api_key", api)] = [] }];
            return Task.CompletedTask;
        }));
    }

    /// <summary>Nothing unknown, doubled or guessed: a request, or a file at the command line.</summary>
    public static void Strictly(JsonSerializerOptions style)
    {
        style.PropertyNamingPolicy = Spelling.Outside;
        style.DictionaryKeyPolicy = Spelling.Outside;
        style.PropertyNameCaseInsensitive = false;
        style.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        style.AllowDuplicateProperties = false;
        style.NumberHandling = JsonNumberHandling.Strict;
        style.RespectNullableAnnotations = true;
        style.RespectRequiredConstructorParameters = true;
        style.MaxDepth = DeepestJson;
        style.Converters.Add(new JsonStringEnumConverter(Spelling.Outside, allowIntegerValues: false));
    }

    // A query is written in snake_case, an operation has a name, and any refusal is a problem.
    static async Task Describe(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            if (parameter is { In: ParameterLocation.Query, Name: { } name })
                Query(operation, parameter, Spelling.Outside.ConvertName(name));
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<DryRunnable>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "dry_run",
                In = ParameterLocation.Query,
                Description = "Change nothing; the answer has would_affect besides its fields.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
            });
        operation.OperationId = OperationId(
            context.Description.HttpMethod ?? "GET", context.Description.RelativePath ?? "");
        if (context.Document is not { } document) return;
        if (context.Description.HttpMethod == "POST") TakeKey(operation, context, document);
        else if (context.ApplicationServices.GetRequiredService<EntityTags>().IsTagged(
            context.ApplicationServices.GetRequiredService<EndpointDataSource>(),
            "/" + context.Description.RelativePath)) Tag(operation, context.Description.HttpMethod, document);
        if (document.Components?.Responses?.ContainsKey(Refusal) != true)
            document.AddComponent(Refusal, new OpenApiResponse
            {
                Description = "Refused, or failed: says what was wrong, where, and what to do.",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new()
                    {
                        Schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancel),
                    },
                },
            });
        (operation.Responses ??= [])["default"] = new OpenApiResponseReference(Refusal, document);
    }

    static void Query(OpenApiOperation operation, OpenApiParameter parameter, string name)
    {
        parameter.Name = name;
        if (name == Paging.Limit && parameter.Schema is OpenApiSchema limit)
            (limit.Minimum, limit.Maximum, limit.Default) =
                ("1", $"{PageSize.Most}", JsonValue.Create(Paging.DefaultLimit));
        if (name == Paging.Cursor && operation.Responses?["200"] is OpenApiResponse { } page)
            (page.Headers ??= new Dictionary<string, IOpenApiHeader>())["Link"] = new OpenApiHeader
            {
                Description = "The address of the next page as rel=\"next\"; absent on the last one.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
    }

    static void TakeKey(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, OpenApiDocument document)
    {
        var effect = PostEffects.Of("/" + context.Description.RelativePath);
        if (effect == PostEffect.Nothing) return;
        var isRequired = effect == PostEffect.Sends;
        var name = isRequired ? "IdempotencyKeyOfSending" : "IdempotencyKey";
        if (document.Components?.Parameters?.ContainsKey(name) != true)
            document.AddComponent(name, new OpenApiParameter
            {
                Name = IdempotencyKeys.Header,
                In = ParameterLocation.Header,
                Required = isRequired,
                Description = "A text of your own choice for this one request. Sent again within 24 hours, "
                    + "the request does nothing and gets the first answer, marked with "
                    + $"“{IdempotencyKeys.ReplayedHeader}: true”.",
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKeys.LongestKey,
                },
            });
        (operation.Parameters ??= []).Add(new OpenApiParameterReference(name, document));
    }

    static void Tag(OpenApiOperation operation, string? method, OpenApiDocument document)
    {
        const string name = "IfMatch";
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        if (method == "GET")
        {
            if (operation.Responses?["200"] is OpenApiResponse read)
                (read.Headers ??= new Dictionary<string, IOpenApiHeader>())["ETag"] = new OpenApiHeader
                {
                    Description = "Changes with what is answered; see If-Match.", Schema = text,
                };
            return;
        }

        if (document.Components?.Parameters?.ContainsKey(name) != true)
            document.AddComponent(name, new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Description = "The ETag that was read. When it has changed since, nothing is done and the "
                    + $"answer is 412 “{EntityTags.Stale}”.",
                Schema = text,
            });
        (operation.Parameters ??= []).Add(new OpenApiParameterReference(name, document));
    }

    // GET /api/v1/campaigns/{id}/steps is get_campaigns_id_steps.
    static string OperationId(string method, string path) => string.Join('_', path
        .Replace("api/v1/", "", StringComparison.Ordinal).Split('/', '-', '.')
        .Select(part => part.Trim('{', '}').Split(':')[0])
        .Prepend(method.ToLowerInvariant()));

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Policies.Viewer);
        // The page is middleware without an endpoint; the fallback policy guards it.
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Overture API";
            page.SwaggerEndpoint("/openapi/v1.json", "Overture v1");
        });
    }
}
