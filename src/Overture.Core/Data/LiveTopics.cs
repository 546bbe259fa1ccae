namespace Overture.Core.Data;

/// <summary>The channel that wakes open pages: payload `workspace|topic|id`, never data.</summary>
public static class LiveTopics
{
    public const string Channel = "overture_live";

    public static Task Announce(this Session session, string topic, long id, CancellationToken cancel) =>
        session.Notify(Channel, $"{session.WorkspaceId}|{topic}|{id}", cancel);

    public static void Announce(this Batch batch, string topic, long id) =>
        batch.Session.Notify(batch, Channel, $"{batch.WorkspaceId}|{topic}|{id}");
}
