using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using HandlebarsDotNet;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// A text with merge fields, in Handlebars: {{field}}, {{or field "fallback"}}, {{#if field}} ... {{else}}
/// ... {{/if}}. Outside text only ever fills a field; it is never compiled.
/// </summary>
public sealed partial class Template
{
    const int MaxCharacters = 20_000;
    const int MaxCached = 1_000;
    const string UnresolvedKey = " unresolved";

    static readonly IHandlebars Engine = MakeEngine();
    static readonly ConcurrentDictionary<string, Template> Cache = new();

    readonly HandlebarsTemplate<object, object> render;

    Template(HandlebarsTemplate<object, object> render) => this.render = render;

    /// <summary>
    /// Compiles a text. Throws <see cref="RuleBroken"/> that names the unknown field or the broken place, so
    /// that a wrong template is refused when it is saved, not when it is sent.
    /// </summary>
    public static Template Parse(string text)
    {
        if (Cache.TryGetValue(text, out var known)) return known;
        if (text.Length > MaxCharacters)
            throw new RuleBroken(
                "template_too_long",
                $"The text has {text.Length:N0} characters; at most {MaxCharacters:N0} are allowed.");
        foreach (var field in FieldsOf(text))
            if (!MergeFields.Known.ContainsKey(field))
                throw new RuleBroken(
                    "unknown_field",
                    $"{{{{{field}}}}} is not a merge field. Known fields: "
                    + $"{string.Join(", ", MergeFields.Known.Keys)}.");
        try
        {
            var template = new Template(Engine.Compile(Tags().Replace(text, Watched)));
            if (Cache.Count < MaxCached) Cache[text] = template;
            return template;
        }
        catch (HandlebarsException broken)
        {
            throw new RuleBroken("broken_template", $"The template cannot be read: {broken.Message}");
        }
    }

    /// <summary>
    /// The text for one lead; a field without value and without fallback stays visible and is reported.
    /// </summary>
    public (string Text, IReadOnlyList<string> Unresolved) Render(IReadOnlyDictionary<string, object> fields)
    {
        var unresolved = new List<string>();
        var data =
            MergeFields.Known.Keys.ToDictionary(name => name, name => fields.GetValueOrDefault(name, ""));
        data[UnresolvedKey] = unresolved;
        return (render(data), unresolved);
    }

    static IEnumerable<string> FieldsOf(string text)
    {
        foreach (Match tag in Tags().Matches(text))
        {
            var words = Words().Matches(tag.Groups["inside"].Value).Select(word => word.Value).ToList();
            if (words.Count == 0 || words[0] is "else" or "/if" or "/unless") continue;
            var isCall = words[0] is "#if" or "#unless" or "or";
            foreach (var word in isCall ? words.Skip(1) : words)
                if (word[0] is not ('"' or '\'')) yield return word;
        }
    }

    /// <summary>
    /// A plain {{field}} becomes a call that notices when the field has no value at the moment it is written.
    /// </summary>
    static string Watched(Match tag)
    {
        var inside = tag.Groups["inside"].Value.Trim();
        return MergeFields.Known.ContainsKey(inside) ? $"{{{{value \"{inside}\" {inside}}}}}" : tag.Value;
    }

    static IHandlebars MakeEngine()
    {
        var engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
        engine.RegisterHelper("or", (output, _, arguments) =>
        {
            var chosen = arguments.FirstOrDefault(argument => argument is string { Length: > 0 });
            output.WriteSafeString(chosen as string ?? "");
        });
        engine.RegisterHelper("value", (output, context, arguments) =>
        {
            if (arguments[1] is string { Length: > 0 } value)
            {
                output.WriteSafeString(value);
                return;
            }

            output.WriteSafeString($"{{{{{arguments[0]}}}}}");
            if (context.Value is IDictionary<string, object> data
                && data[UnresolvedKey] is List<string> unresolved)
                unresolved.Add($"{arguments[0]}");
        });
        return engine;
    }

    [GeneratedRegex(
        @"\{\{\{?~?(?<inside>[^{}]*?)~?\}?\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Tags();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|[^\\s\"']+", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex Words();
}
