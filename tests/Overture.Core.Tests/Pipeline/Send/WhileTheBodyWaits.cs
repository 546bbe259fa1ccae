using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// Does something once, while a sender waits for the answer to DATA: after the claim and before the dot.
/// </summary>
sealed class WhileTheBodyWaits
{
    Func<Task>? act;

    public bool WasReached { get; private set; }

    public void Then(Func<Task> what) => act = what;

    public SmtpSinkBehaviour? Fault(SmtpSinkMoment moment)
    {
        if (moment is { Stage: SmtpStage.Data, Line: "DATA" }
            && Interlocked.Exchange(ref act, null) is { } now)
        {
            // The sink asks from the thread of this one conversation, which has to stand still meanwhile.
            now().GetAwaiter().GetResult();
            WasReached = true;
        }

        return null;
    }
}
