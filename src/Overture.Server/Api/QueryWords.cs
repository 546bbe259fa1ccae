using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>
/// A query is written as every answer is: <c>?min_score=60&amp;state=new</c>. The framework binds the
/// spelling of the code only, so that is what it is given. A name that means nothing is refused: whoever
/// mistypes a filter, or asks for a dry run where there is none, must not act on everything instead.
/// </summary>
static class QueryWords
{
    const int LongestValue = 1_000;

    static readonly ConcurrentDictionary<Endpoint, IReadOnlyList<(string Name, Type Type)>> Known = new();

    public static void UseQueryWords(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.QueryString.HasValue && http.GetEndpoint() is { } endpoint
            && endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler)
            Respell(http.Request, Known.GetOrAdd(endpoint, _ => NamesOf(endpoint, handler)), IsApi(endpoint));
        return next(http);
    });

    // What pages post to takes what a browser's forms add.
    internal static bool IsApi(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<MethodInfo>()?.DeclaringType?.Namespace
        == typeof(QueryWords).Namespace;

    static void Respell(HttpRequest request, IReadOnlyList<(string Name, Type Type)> names, bool isApi)
    {
        var query = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (asked, values) in request.Query)
        {
            var known = names.FirstOrDefault(one => IsSame(one.Name, asked));
            if (known.Name is null && isApi) throw Unknown(asked, names);
            if (isApi) CheckText(asked, values);
            if (isApi && Paging.Limit.Equals(known.Name, StringComparison.OrdinalIgnoreCase))
                CheckLimit(values.ToString());
            query[known.Name ?? asked] = known.Type is { IsEnum: true } words
                ? Respelled(known.Name!, words, values.ToString()) : values;
        }

        request.Query = new QueryCollection(query);
    }

    static bool IsSame(string known, string asked) => known.Equals(
        asked.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    static RuleBroken Unknown(string asked, IReadOnlyList<(string Name, Type Type)> names) => new(
        "unknown_query",
        $"The query takes no “{asked}” here; it takes "
        + (names.Count == 0 ? "nothing." : $"{string.Join(", ", names.Select(one => Spelled(one.Name)))}."),
        asked);

    static void CheckText(string name, StringValues values)
    {
        foreach (var value in values)
            if (value is { Length: > LongestValue }
                || value?.Contains('\0', StringComparison.Ordinal) == true)
                throw new RuleBroken("unusable_text",
                    $"“{name}” is longer than {LongestValue:N0} characters or holds U+0000.", name);
    }

    static string Respelled(string name, Type words, string asked)
    {
        var plain = asked.Replace("_", "", StringComparison.Ordinal);
        return Enum.GetNames(words)
            .FirstOrDefault(known => known.Equals(plain, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadQuery(
                Spelled(name),
                $"“{Spelled(name)}” is one of: {string.Join(", ", Enum.GetNames(words).Select(Spelled))}.");
    }

    // A shorter page than was asked for looks like the end of the list.
    static void CheckLimit(string asked)
    {
        if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            || limit is < 1 or > PageSize.Most)
            throw new BadQuery(
                Paging.Limit, $"“{Paging.Limit}” is a whole number from 1 to {PageSize.Most}.");
    }

    static string Spelled(string name) => Spelling.Outside.ConvertName(name);

    static IReadOnlyList<(string Name, Type Type)> NamesOf(Endpoint endpoint, MethodInfo handler)
    {
        var route = (endpoint as RouteEndpoint)?.RoutePattern;
        return
        [
            .. handler.GetParameters()
                .SelectMany(parameter => parameter.IsDefined(typeof(AsParametersAttribute))
                    ? parameter.ParameterType.GetProperties().Select(one => (one.Name, one.PropertyType))
                    : [(parameter.Name!, parameter.ParameterType)])
                .Select(one => (Name: one.Item1, Type: Nullable.GetUnderlyingType(one.Item2) ?? one.Item2))
                .Where(one => IsPlain(one.Type) && route?.GetParameter(one.Name) is null),
            .. DryRuns.IsOffered(endpoint) ? [(DryRuns.Name, typeof(bool))] : Array.Empty<(string, Type)>(),
        ];
    }

    // What the framework reads from the address and not from services or the body.
    static bool IsPlain(Type type) =>
        type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(decimal)
        || type == typeof(DateOnly) || type == typeof(DateTimeOffset) || type == typeof(string[])
        || type == typeof(long[]);
}
