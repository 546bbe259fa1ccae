using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.OpenApi;

namespace Overture.Server.Startup;

/// <summary>How JSON reads and writes, and the OpenAPI document with its page.</summary>
static class ApiDocument
{
    const int DeepestJson = 32;

    public static void AddApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<JsonOptions>(json =>
        {
            var style = json.SerializerOptions;
            style.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            style.DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower;
            style.PropertyNameCaseInsensitive = false;
            style.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            style.AllowDuplicateProperties = false;
            style.NumberHandling = JsonNumberHandling.Strict;
            style.RespectNullableAnnotations = true;
            style.RespectRequiredConstructorParameters = true;
            style.MaxDepth = DeepestJson;
            style.Converters.Add(
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        });
        builder.Services.AddOpenApi("v1", document => document.AddDocumentTransformer((api, _, _) =>
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
