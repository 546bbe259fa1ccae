namespace Overture.Providers.SecEdgar;

/// <summary>Reads answers of the full-text search, of today's shape and that of 2021.</summary>
public static class FullTextSearch
{
    /// <summary>Reads one page.</summary>
    /// <exception cref="MalformedAnswerException">It is no search answer.</exception>
    public static SearchHits Read(byte[] body)
    {
        var hits = Loose.ParseObject(body)["hits"];
        if (!hits.IsObject) throw new MalformedAnswerException("the search answer has no hits");
        return new SearchHits(
            hits["total"]["value"].Whole ?? hits["total"].Whole ?? 0,
            hits["total"]["relation"].Text != "gte",
            [.. hits["hits"].Items.Select(Hit).OfType<SearchHit>()]);
    }

    static SearchHit? Hit(Loose hit)
    {
        var source = hit["_source"];
        var id = hit["_id"].Text?.Split(':', 2);
        if ((source["adsh"].Text ?? id?[0]) is not { } accession) return null;
        return new SearchHit(
            accession, id is { Length: 2 } ? id[1] : null, source["form"].Text,
            source.Any("root_forms", "root_form").Items.FirstOrDefault().Text, source["file_date"].Date,
            [.. source["ciks"].Texts.Select(cik => FormDParts.Cik(cik.TrimStart('0'))).OfType<long>()],
            source["display_names"].Texts, source["biz_states"].Texts, source["items"].Texts);
    }
}
