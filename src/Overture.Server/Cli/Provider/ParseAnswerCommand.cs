using System.CommandLine;
using System.Text.Json.Nodes;
using Overture.Core.Model;
using Overture.Providers;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ParseAnswerCommand
{
    public static Command Build(CliHost host)
    {
        var provider = new Option<string>("--provider")
        {
            Description = "Whose answer it is; “overture provider answers” names them.", Required = true,
        };
        var call = new Option<string>("--call") { Description = "Which call it answers.", Required = true };
        var file = new Argument<string>("file") { Description = "The body, or a recording of the answer." };
        return host.Verb(
            "parse", "Read a stored answer of a provider as a live one would be read; asks nobody.",
            [provider, call, file],
            async (run, cancel) =>
            {
                var path = run.Args.GetValue(file)!;
                var bytes = await Read(path, cancel);
                var result = Parse(run.Args.GetValue(provider)!, run.Args.GetValue(call)!, path, bytes);
                var json = ProviderParse.ToJson(result);
                Console.Out.WriteLine(run.Out.IsJson ? Compact(json) : json);
                return ExitCode.Ok;
            });
    }

    static async Task<byte[]> Read(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RuleBroken("not_found", $"The file cannot be read: {error.Message}", "file");
        }
    }

    static object? Parse(string provider, string call, string path, byte[] bytes)
    {
        try
        {
            return ProviderParse.Read(provider, call, bytes);
        }
        catch (ArgumentException unknown) when (ProviderParse.Reader(provider, call) is null)
        {
            var sentence = unknown.Message.Replace(
                $" (Parameter '{unknown.ParamName}')", "", StringComparison.Ordinal);
            throw new RuleBroken("unknown_call", sentence, unknown.ParamName);
        }
        catch (MalformedAnswerException malformed)
        {
            throw new RuleBroken(
                "malformed_answer", $"{path} is not an answer to {call} of {provider}: {malformed.Message}",
                "file");
        }
    }

    static string Compact(string json) =>
        JsonNode.Parse(json)?.ToJsonString(MailInspection.Json) ?? "null";
}
