namespace Overture.Core.Model;

/// <summary>One line of the append-only log on a lead's page.</summary>
public sealed record ActivityEntry(long Id, string Kind, string Actor, string Summary, DateTime OccurredAt);
