using Overture.Core.Data;

namespace Overture.Core.Health;

public sealed class DataFolderIsPrivate(string folder, string secretKeyFile) : IHealthCheck
{
    public string Name => "data_folder";

    public Task<Finding> Look(CancellationToken cancel) => Task.FromResult(Examine());

    Finding Examine()
    {
        if (!Directory.Exists(folder))
            return Finding.Warn($"{folder} does not exist yet.", "Run: overture serve");
        if (SecretKeyFile.IsOpenToOthers(secretKeyFile))
            return Finding.Failed($"Others may read {secretKeyFile}.", $"Run: chmod 600 {secretKeyFile}");
        var probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Finding.Passed($"{folder} can be written.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Failed(
                $"{folder} cannot be written: {error.Message}",
                    $"Run: chown -R {Environment.UserName} {folder}");
        }
    }
}
