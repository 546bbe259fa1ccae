using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>
/// What a node does. Web nodes answer people, worker nodes run jobs; one process may do both.
/// </summary>
public sealed record NodeRoles(bool Web, bool Worker)
{
    public static NodeRoles Parse(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || names.Except(["web", "worker"]).Any())
            throw new ConfigurationInvalid([$"--roles is “{text}”; use web, worker or web,worker."]);
        return new(names.Contains("web"), names.Contains("worker"));
    }
}
