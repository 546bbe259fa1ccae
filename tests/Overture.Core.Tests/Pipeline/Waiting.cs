namespace Overture.Core.Tests.Pipeline;

/// <summary>Waits for something that another thread or process brings about.</summary>
static class Waiting
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    public static async Task Until(Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (patience ?? Patience))
                throw new TimeoutException("It did not come about.");
            await Task.Delay(LookAgain, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
