namespace Overture.Core.Model;

/// <summary>What a member may do in a workspace; each role may do what the ones before it may.</summary>
public enum Role
{
    Viewer,
    Member,
    Admin,
    Owner,
}

/// <summary>A human who can sign in.</summary>
public sealed record User
{
    public required long Id { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required string PasswordHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }
}

/// <summary>
/// Who is asking and where: found from a cookie or a key, handed to every verb by the front doors.
/// </summary>
public sealed record Identity
{
    public required long WorkspaceId { get; init; }
    public required string WorkspaceName { get; init; }
    public required long UserId { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required Role Role { get; init; }
}

/// <summary>A user and what they may do in one workspace.</summary>
public sealed record Member
{
    public required long UserId { get; init; }
    public required string Name { get; init; }
    public required string Email { get; init; }
    public required string WorkspaceName { get; init; }
    public required Role Role { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }
}
