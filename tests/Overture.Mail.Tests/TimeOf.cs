using System.Diagnostics;

namespace Overture.Mail.Tests;

static class TimeOf
{
    public static TimeSpan Run(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started);
    }
}
