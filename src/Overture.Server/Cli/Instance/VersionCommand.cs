using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public static Command Build(CliHost host) =>
        host.Verb("version", "Print the version.", [], (run, _) =>
        {
            var runtime = RuntimeInformation.FrameworkDescription;
            run.Out.Show(new { version = Version, runtime }, $"overture {Version} ({runtime})");
            return Task.FromResult(ExitCode.Ok);
        });
}
