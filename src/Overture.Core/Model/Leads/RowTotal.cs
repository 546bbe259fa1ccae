namespace Overture.Core.Model;

/// <summary>How many rows a list has; counted up to a limit, estimated beyond it.</summary>
public sealed record RowTotal(long Count, bool IsEstimate);
