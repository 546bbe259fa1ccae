using System.Text.Json;
using Overture.Core.Model;
using Overture.Server.Startup;
using YamlDotNet.Core;

namespace Overture.Server.Cli;

/// <summary>
/// A campaign as a file of YAML or JSON: the draft that REST takes, read as strictly. Whatever is refused is
/// told with the file and the line or the field.
/// </summary>
sealed class CampaignFile
{
    public const string Description = "A file of YAML or JSON, or - for stdin: name, goal, mailbox_id, "
        + "audience, segment_id, stop_on_reply, new_per_day_limit, approves_each …, and steps, each with "
        + "kind, delay_days and variants (subject, body, weight). As in REST.";

    const int LongestText = 1_000_000;
    static readonly JsonSerializerOptions Style = Strict();
    readonly string name;
    readonly StrictYaml? yaml;

    CampaignFile(string name, StrictYaml? yaml, CampaignDraft draft) =>
        (this.name, this.yaml, Draft) = (name, yaml, draft);

    public CampaignDraft Draft { get; }

    public static async Task<CampaignFile> Read(string path, CancellationToken cancel)
    {
        var name = path == "-" ? "stdin" : Path.GetFileName(path);
        if (path != "-" && !File.Exists(path))
            throw new RuleBroken("not_found", $"There is no file {path}.", "file");
        if (path != "-" && new FileInfo(path).Length > LongestText) throw TooLong(name);
        var text = path == "-"
            ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(path, cancel);
        if (text.Length > LongestText) throw TooLong(name);
        var reader = text.TrimStart().StartsWith('{') ? null : new StrictYaml(Style);
        try
        {
            var draft = reader is null
                ? JsonSerializer.Deserialize<CampaignDraft>(text, Style) : reader.Read<CampaignDraft>(text);
            return new(name, reader, draft ?? throw new RuleBroken(
                "bad_file", $"{name} holds no campaign.", "file"));
        }
        catch (YamlException broken)
        {
            throw new RuleBroken(
                "bad_file", $"{name} cannot be read at line {broken.Start.Line}: {broken.Message}.", "file");
        }
        catch (JsonException broken)
        {
            var trouble = BadInput.OfFile(broken, name, reader?.LineOf(broken.Path ?? "$"));
            throw new RuleBroken(trouble.Code, trouble.Sentence, trouble.Pointer ?? "file");
        }
    }

    /// <summary>Does something with the draft; a rule that refuses it names its place in the file.</summary>
    public async Task<T> Use<T>(Func<CampaignDraft, Task<T>> act)
    {
        try
        {
            return await act(Draft);
        }
        catch (RuleBroken broken) when (broken.Pointer is { } pointer)
        {
            var line = yaml?.LineOf(PathOf(pointer));
            var place = line is null ? pointer : $"line {line} ({pointer})";
            throw new RuleBroken(broken.Code, $"{name}, {place}: {broken.Sentence}", pointer);
        }
    }

    /// <summary>The draft as YAML, for a file to change and give back.</summary>
    public static string Write(CampaignDraft draft) => new StrictYaml(Style).Write(draft);

    /// <summary>“steps/1/delay_days” is “$.steps[1].delay_days”.</summary>
    static string PathOf(string pointer) => "$" + string.Concat(pointer.Split('/').Select(part =>
        part.All(char.IsAsciiDigit) ? $"[{part}]" : $".{part}"));

    static RuleBroken TooLong(string name) =>
        new("file_too_long", $"{name} has more than {LongestText:N0} letters.", "file");

    static JsonSerializerOptions Strict()
    {
        var style = new JsonSerializerOptions();
        ApiDocument.Strictly(style);
        style.MakeReadOnly(populateMissingResolver: true);
        return style;
    }
}
