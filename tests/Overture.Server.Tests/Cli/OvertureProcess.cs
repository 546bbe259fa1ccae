using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Overture.Server.Tests.Cli;

/// <summary>How a run of the program ended.</summary>
sealed record EndedProcess(int Exit, string Output, string Errors)
{
    /// <summary>Each line of the output as JSON.</summary>
    public List<JsonObject> Lines() =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())];
}

/// <summary>The real program as a process, for verbs whose output is what counts.</summary>
static class OvertureProcess
{
    /// <summary>A database that nobody could reach: a verb that needs none must not notice.</summary>
    const string NoDatabase = "Host=127.0.0.1;Port=1;Username=overture;Password=hidden-secret;Timeout=3";

    public static Task<EndedProcess> WithoutDatabase(params string[] arguments) => Run(NoDatabase, arguments);

    public static Task<EndedProcess> Run(string connection, params string[] arguments) =>
        RunWith(input: "", connection, arguments);

    /// <summary>The same with something on stdin.</summary>
    public static async Task<EndedProcess> RunWith(
        string input, string connection, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "overture.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["Overture__Database"] = connection;
        start.Environment["Overture__DataFolder"] = Path.GetTempPath();
        start.Environment["Overture__SecretKey"] = Convert.ToBase64String(new byte[32]);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }
}
