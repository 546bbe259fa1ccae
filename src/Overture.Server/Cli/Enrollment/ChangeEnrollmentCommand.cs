using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>The verbs over one contact in one campaign.</summary>
static class ChangeEnrollmentCommand
{
    public static Command BuildPause(CliHost host) => Verb(
        host, "pause", "Hold one contact where it is.",
        (enrollments, workspace, id, cancel) => enrollments.Pause(
            workspace, id, "from the command line", cancel));

    public static Command BuildResume(CliHost host) => Verb(
        host, "resume", "Let one contact go on; nothing is sent to it again.",
        (enrollments, workspace, id, cancel) => enrollments.Resume(workspace, id, cancel));

    public static Command BuildSkip(CliHost host) => Verb(
        host, "skip", "Leave out the next step of one contact.",
        (enrollments, workspace, id, cancel) => enrollments.Skip(workspace, id, cancel));

    public static Command BuildStop(CliHost host) => Verb(
        host, "stop", "Take one contact out of its campaign for good.",
        (enrollments, workspace, id, cancel) => enrollments.Stop(workspace, id, cancel));

    static Command Verb(
        CliHost host, string name, string description,
        Func<Enrollments, long, long, CancellationToken, Task> act)
    {
        var id = new Argument<long>("id") { Description = "The enrollment's number, as “list” shows it." };
        return host.Verb(name, description, [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await act(await run.Get<Enrollments>(cancel), workspace.Id, number, cancel);
            run.Out.Show(new { enrollment = number, verb = name }, $"Enrollment {number}: {name}.");
            return ExitCode.Ok;
        });
    }
}
