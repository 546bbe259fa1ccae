namespace Overture.Core.Data;

/// <summary>How many rows of a list are read at once.</summary>
public static class PageSize
{
    /// <summary>On one page.</summary>
    public const int Most = 100;

    /// <summary>A page, and the row that tells whether there is another.</summary>
    public const int MostRows = Most + 1;
}
