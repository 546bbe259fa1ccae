using System.Diagnostics;

namespace Overture.Server.Tests;

/// <summary>The real program, run as a process of its own.</summary>
static class OvertureProgram
{
    public sealed record Ended(int Exit, string Output, string Errors);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "overture.dll");

    public static Task<Ended> Run(string connection, params string[] arguments) =>
        Run(connection, arguments, []);

    public static Task<Ended> Run(
        string connection, string[] arguments, params (string Name, string Value)[] environment) =>
        Start(connection, "dotnet", [Path, .. arguments], environment);

    /// <summary>Any program that may start Overture, with Overture's environment.</summary>
    public static async Task<Ended> Start(
        string connection, string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["Overture__Database"] = connection;
        start.Environment["Overture__DataFolder"] = System.IO.Path.GetTempPath();
        start.Environment["Overture__SecretKey"] = Convert.ToBase64String(new byte[32]);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }
}
