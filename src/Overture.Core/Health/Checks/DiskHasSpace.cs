namespace Overture.Core.Health;

public sealed class DiskHasSpace(string folder) : IHealthCheck
{
    const long Gibibyte = 1L << 30;
    const long WarnBelowBytes = 5 * Gibibyte;
    const long FailBelowBytes = Gibibyte / 2;

    public string Name => "disk";

    public Task<Finding> Look(CancellationToken cancel)
    {
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        var detail = $"{(double)free / Gibibyte:0.0} GiB free at {folder}.";
        const string remedy = "Free some space, or move Overture__DataFolder to a larger disk.";
        return Task.FromResult(
            free < FailBelowBytes ? Finding.Failed(detail, remedy)
            : free < WarnBelowBytes ? Finding.Warn(detail, remedy)
            : Finding.Passed(detail));
    }
}
