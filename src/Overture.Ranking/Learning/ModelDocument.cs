using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Overture.Ranking.Evaluation;

namespace Overture.Ranking.Learning;

/// <summary>
/// A model as a JSON document a person can read: what it was learned from, the weights by name, and one line
/// per tree. Numbers are written so that reading them back gives the same bits, hence the same predictions.
/// </summary>
public static class ModelDocument
{
    /// <summary>The version of the document's form; another version is refused.</summary>
    public const int Version = 1;

    /// <summary>A document longer than this, in characters, is refused.</summary>
    public const int MaxCharacters = 20_000_000;

    const int MaxDepth = 10;

    const string TreeForm =
        "questions : leaves : training rows per leaf. 3>1.5 asks whether feature 3 (from 0) is above 1.5; a "
        + "? sends missing values above; the k-th yes adds 2^k to the leaf's number; leaves are log-odds.";

    static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a model.</summary>
    public static string Write(RankingModel model)
    {
        var line = model.Line;
        var isMissing = line.Missing.Index().ToDictionary(m => m.Item, m => m.Index);
        var terms = model.Features.Select((name, f) => new Term(name, line.Means[f], line.Scales[f],
            line.Coefficients[1 + f],
            isMissing.TryGetValue(f, out var at) ? line.Coefficients[1 + line.FeatureCount + at] : null));
        return JsonSerializer.Serialize(new Document(
            Version, model.FeatureList, model.Summary, model.Blend, model.Calibrator,
            line.Coefficients[0], [.. terms], Joined(line.Covariance),
            model.TreeStart, TreeForm, [.. model.Forest.Trees.Select(Written)]), json);
    }

    /// <summary>Reads a model back.</summary>
    /// <exception cref="FormatException">The text is no such document, or one of another version.</exception>
    public static RankingModel Read(string text)
    {
        if (text.Length > MaxCharacters)
            throw new FormatException($"The model document is longer than {MaxCharacters} characters.");
        try
        {
            var document = JsonSerializer.Deserialize<Document>(text, json)
                ?? throw new FormatException("The model document is empty.");
            if (document.Version != Version)
                throw new FormatException(
                    $"The model document has version {document.Version}, not {Version}.");
            return Model(document);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or OverflowException
            or NullReferenceException or IndexOutOfRangeException)
        {
            throw new FormatException($"The model document cannot be read: {error.Message}", error);
        }
    }

    static RankingModel Model(Document document)
    {
        var terms = document.Terms;
        int[] missing = [.. Enumerable.Range(0, terms.Count).Where(f => terms[f].WhenMissing is not null)];
        var line = new LinearModel
        {
            FeatureCount = terms.Count,
            Means = [.. terms.Select(t => t.Mean)],
            Scales = [.. terms.Select(t => t.Scale)],
            Missing = missing,
            Coefficients = [document.Constant, .. terms.Select(t => t.Coefficient),
                .. missing.Select(f => terms[f].WhenMissing!.Value)],
            Covariance = Array.ConvertAll(
                Split(document.Covariance), v => (double)float.Parse(v, CultureInfo.InvariantCulture)),
        };
        var size = line.Coefficients.Length;
        if (line.Covariance.Length != size * (size + 1) / 2)
            throw new FormatException("The covariance does not fit the coefficients.");
        if (document.Calibrator.From.Length != document.Calibrator.To.Length)
            throw new FormatException("The calibration curve has ends of different length.");
        var trees = document.Trees.Select(t => Tree(t, terms.Count)).ToList();
        return new RankingModel([.. terms.Select(t => t.Feature)], document.FeatureList, document.TreeStart,
            new Forest(trees, terms.Count), line, document.Blend, document.Calibrator, document.Summary);
    }

    static string Written(SymmetricTree tree)
    {
        var questions = tree.Splits.Select(s =>
            string.Create(CultureInfo.InvariantCulture,
                $"{s.Feature}>{s.Cut:R}{(s.IsMissingAbove ? "?" : "")}"));
        var leaves = tree.Leaves.Select(l => l.ToString("R", CultureInfo.InvariantCulture));
        return string.Join(" : ",
            string.Join(' ', questions), string.Join(' ', leaves), string.Join(' ', tree.Covers));
    }

    static SymmetricTree Tree(string text, int featureCount)
    {
        var parts = text.Split(':');
        if (parts.Length != 3) throw new FormatException($"A tree has three parts, not {parts.Length}.");
        var splits = Array.ConvertAll(Split(parts[0]), Question);
        var leaves = Array.ConvertAll(Split(parts[1]), l => float.Parse(l, CultureInfo.InvariantCulture));
        var covers = Array.ConvertAll(Split(parts[2]), c => int.Parse(c, CultureInfo.InvariantCulture));
        if (splits.Length > MaxDepth) throw new FormatException($"A tree asks at most {MaxDepth} questions.");
        if (leaves.Length != 1 << splits.Length || covers.Length != leaves.Length)
            throw new FormatException(
                $"A tree of {splits.Length} questions cannot have {leaves.Length} leaves.");
        if (Array.Exists(splits, s => s.Feature < 0 || s.Feature >= featureCount))
            throw new FormatException("A tree asks about a feature that does not exist.");
        return new SymmetricTree(splits, leaves, covers);
    }

    static TreeSplit Question(string text)
    {
        var at = text.IndexOf('>', StringComparison.Ordinal);
        if (at < 0) throw new FormatException($"\"{text}\" is no question.");
        return new TreeSplit(int.Parse(text[..at], CultureInfo.InvariantCulture),
            float.Parse(text[(at + 1)..].TrimEnd('?'), CultureInfo.InvariantCulture), text.EndsWith('?'));
    }

    static string Joined(double[] values) =>
        string.Join(' ', values.Select(v => ((float)v).ToString("R", CultureInfo.InvariantCulture)));

    static string[] Split(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    sealed record Document(
        int Version, string FeatureList, TrainingSummary Summary, Blend Blend, Calibrator Calibrator,
        double Constant, IReadOnlyList<Term> Terms, string Covariance,
        double TreeStart, string TreeForm, IReadOnlyList<string> Trees);

    /// <summary>One feature of the regression: (value - mean) times scale times coefficient.</summary>
    sealed record Term(string Feature, double Mean, double Scale, double Coefficient, double? WhenMissing);
}
