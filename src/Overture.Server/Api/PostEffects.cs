namespace Overture.Server.Api;

/// <summary>What a POST does, as far as it matters whether it is done twice.</summary>
enum PostEffect
{
    /// <summary>Only looks: a second time is as good as the first.</summary>
    Nothing,

    Changes,

    /// <summary>
    /// Starts sending, lets it go on, or moves a contact on to its next message. A program must name its
    /// request, so that nobody is written to twice because an answer got lost.
    /// </summary>
    Sends,
}

/// <summary>
/// Every POST of REST and what it does. One that is not in this table counts as one that sends, until its
/// author says otherwise here; a test compares the table with the endpoints.
/// </summary>
static class PostEffects
{
    public const string Root = "/api/v1";

    static readonly string[] Looking =
    [
        "/campaigns/{id}/compare", "/campaigns/{id}/simulate", "/imports/{id}/check", "/leads/export",
        "/people/export", "/ranking/preview",
    ];

    static readonly string[] Changing =
    [
        "/approvals/{id}/undo", "/campaigns", "/campaigns/{id}/archive", "/campaigns/{id}/duplicate",
        "/campaigns/{id}/end", "/campaigns/{id}/pause", "/campaigns/{id}/texts/{text}/promote",
        "/deliverability/domains/{domain}/check", "/discoveries", "/discoveries/{id}/approve",
        "/discoveries/{id}/dismiss", "/discoveries/{id}/preview", "/discoveries/{id}/run",
        "/duplicates/{id}/keep-apart", "/duplicates/{id}/merge", "/enrollments/{id}/pause",
        "/enrollments/{id}/stop", "/holidays", "/imports", "/imports/{id}/preset",
        "/imports/{id}/preset/{preset}", "/imports/{id}/run", "/imports/{id}/undo", "/inbox/{id}/assign",
        "/inbox/{id}/close", "/inbox/{id}/intent", "/inbox/{id}/notes", "/inbox/{id}/read",
        "/inbox/{id}/reopen", "/inbox/{id}/snooze", "/integrations/{provider}/lost/forget",
        "/integrations/{provider}/test", "/jobs/{id}/cancel", "/jobs/collect-crm",
        "/jobs/collect-sec-edgar", "/jobs/collect-synthetic", "/jobs/enrich-leads", "/jobs/find-executives",
        "/jobs/replay-raw", "/keys", "/leads", "/leads/{id}/accept", "/leads/{id}/reject",
        "/leads/suppress", "/lists", "/lists/{id}/add", "/lists/{id}/remove", "/mailboxes",
        "/mailboxes/{id}/gmail/consent", "/mailboxes/{id}/gmail/grant", "/mailboxes/{id}/pause",
        "/mailboxes/{id}/reader/pause", "/mailboxes/{id}/reader/resume", "/mailboxes/{id}/reader/test",
        "/mailboxes/{id}/test", "/people/erase", "/pipeline/stop", "/ranking/models/{id}/pin",
        "/ranking/models/{id}/unpin", "/ranking/train", "/suppressions", "/tasks/{id}/snooze", "/views",
        "/workspace/stop",
    ];

    static readonly string[] Sending =
    [
        "/approvals/{id}/approve", "/approvals/{id}/edit", "/approvals/{id}/reject",
        "/approvals/approve-all", "/campaigns/{id}/launch", "/campaigns/{id}/release",
        "/campaigns/{id}/start", "/campaigns/{id}/test", "/enrollments/{id}/resume",
        "/enrollments/{id}/skip", "/inbox/{id}/answers", "/inbox/holds/{enrollmentId}/lift",
        "/instance/release", "/jobs/{id}/retry", "/mailboxes/{id}/resume", "/messages/{id}/settle",
        "/pipeline/run", "/tasks/{id}/dismiss", "/tasks/{id}/done", "/workspace/resume",
    ];

    /// <summary>The whole table, path by path.</summary>
    public static IReadOnlyDictionary<string, PostEffect> All { get; } =
        Looking.Select(path => (path, PostEffect.Nothing))
            .Concat(Changing.Select(path => (path, PostEffect.Changes)))
            .Concat(Sending.Select(path => (path, PostEffect.Sends)))
            .ToDictionary(one => Root + one.path, one => one.Item2);

    /// <summary>
    /// What this endpoint does; null where it is no POST of REST. Paths of earlier systems, whose callers
    /// know of no keys, ask for none.
    /// </summary>
    public static PostEffect? Of(Endpoint? endpoint)
    {
        if (endpoint is not RouteEndpoint { RoutePattern.RawText: { } path }
            || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") != true
            || !QueryWords.IsApi(endpoint))
            return null;
        return path.StartsWith(Root, StringComparison.Ordinal) ? Of(path) : PostEffect.Changes;
    }

    /// <summary>The same by its path, with or without what the path says of a number.</summary>
    public static PostEffect Of(string path) =>
        All.GetValueOrDefault(
            path.Replace(":long", "", StringComparison.Ordinal).TrimEnd('/'), PostEffect.Sends);
}
