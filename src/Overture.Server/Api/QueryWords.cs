using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Overture.Server.Api;

/// <summary>
/// A word of a query may be written as every answer writes it: <c>?state=new</c>, <c>?state=New</c>. The
/// framework binds the spelling of the code only, so that is what it is given.
/// </summary>
static class QueryWords
{
    static readonly ConcurrentDictionary<MethodInfo, IReadOnlyList<(string Name, Type Words)>> Known = new();

    public static void UseQueryWords(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.QueryString.HasValue
            && http.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>() is { } handler)
            foreach (var (name, words) in Known.GetOrAdd(handler, WordsOf))
                Respell(http.Request, name, words);
        return next(http);
    });

    static void Respell(HttpRequest request, string name, Type words)
    {
        if (!request.Query.TryGetValue(name, out var asked)) return;
        var plain = asked.ToString().Replace("_", "", StringComparison.Ordinal);
        var word = Enum.GetNames(words)
            .FirstOrDefault(known => known.Equals(plain, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadHttpRequestException(
                $"“{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}” is one of: "
                + $"{string.Join(", ", Spelled(words))}.");
        request.Query = new QueryCollection(new Dictionary<string, StringValues>(
            request.Query, StringComparer.OrdinalIgnoreCase) { [name] = word });
    }

    static IEnumerable<string> Spelled(Type words) =>
        Enum.GetNames(words).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    static IReadOnlyList<(string Name, Type Words)> WordsOf(MethodInfo handler) =>
    [
        .. handler.GetParameters()
            .SelectMany(parameter => parameter.IsDefined(typeof(AsParametersAttribute))
                ? parameter.ParameterType.GetProperties().Select(one => (one.Name, one.PropertyType))
                : [(parameter.Name!, parameter.ParameterType)])
            .Select(one => (one.Item1, Nullable.GetUnderlyingType(one.Item2) ?? one.Item2))
            .Where(one => one.Item2.IsEnum),
    ];
}
