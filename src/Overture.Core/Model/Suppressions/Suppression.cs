namespace Overture.Core.Model;

/// <summary>An address or a domain never to be contacted again, and why.</summary>
public sealed record Suppression(
    long Id, string Kind, string Value, string Reason, string? Note, string CreatedBy, DateTime CreatedAt);
