using System.Numerics;

namespace Overture.Ranking.Learning;

/// <summary>
/// Logistic regression with a ridge, on standardised values. Missing values count as average, and a feature
/// that is often missing gets a second coefficient for being missing. Outliers are cut at a few standard
/// deviations. Keeps the covariance of its coefficients: how sure it is of a row follows from it.
/// </summary>
sealed class LinearModel
{
    /// <summary>Newton steps; the loss is convex, so a handful suffices.</summary>
    const int MaxSteps = 12;

    /// <summary>Standard deviations at which a value is cut.</summary>
    const double Cut = 4;

    /// <summary>A feature missing in at least this share of the rows gets a coefficient for it.</summary>
    const double MissingShare = 0.02;

    public required int FeatureCount { get; init; }

    public required double[] Means { get; init; }

    /// <summary>One over the standard deviation; 0 for a constant feature.</summary>
    public required double[] Scales { get; init; }

    /// <summary>Features with a coefficient for being missing.</summary>
    public required int[] Missing { get; init; }

    /// <summary>Constant, one per feature, one per entry of Missing.</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>Lower triangle of the coefficients' covariance, row after row.</summary>
    public required double[] Covariance { get; init; }

    public double LogOdds(ReadOnlySpan<float> row) => With(Coefficients, row);

    /// <summary>
    /// Adds each feature's part of the log-odds to the parts; the rest is <see cref="Coefficients"/>[0].
    /// </summary>
    public void AddParts(ReadOnlySpan<float> row, double weight, double[] parts)
    {
        for (var feature = 0; feature < FeatureCount; feature++)
            parts[feature] += weight * Coefficients[1 + feature] * Standard(row[feature], feature);
        for (var i = 0; i < Missing.Length; i++)
        {
            if (float.IsNaN(row[Missing[i]]))
                parts[Missing[i]] += weight * Coefficients[1 + FeatureCount + i];
        }

    }

    /// <summary>The variance of the log-odds of a row: small where many like it were seen.</summary>
    public double Variance(ReadOnlySpan<float> row)
    {
        var design = new double[Coefficients.Length];
        Fill(row, design);
        var sum = 0.0;
        for (int i = 0, at = 0; i < design.Length; i++)
        {
            for (var j = 0; j < i; j++) sum += 2 * design[i] * design[j] * Covariance[at++];
            sum += design[i] * design[i] * Covariance[at++];
        }

        return Math.Max(0, sum);
    }

    /// <summary>
    /// A random deviation of all coefficients together, as likely as the data make it: what another sample of
    /// answers might have taught.
    /// </summary>
    public double[] Deviation(ref SeededRandom random)
    {
        var size = Coefficients.Length;
        var square = new double[size * size];
        for (int i = 0, at = 0; i < size; i++)
            for (var j = 0; j <= i; j++) square[(i * size) + j] = Covariance[at++];
        Cholesky.Factor(square, size);
        var normal = new double[size];
        for (var i = 0; i < size; i++) normal[i] = random.NextNormal();
        var deviation = new double[size];
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++) deviation[i] += square[(i * size) + j] * normal[j];
        return deviation;
    }

    /// <summary>What other coefficients would give a row.</summary>
    public double With(double[] coefficients, ReadOnlySpan<float> row)
    {
        var sum = coefficients[0];
        var feature = 0;
        var sums = Vector<double>.Zero;
        for (; feature <= FeatureCount - Vector<float>.Count; feature += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(row[feature..]), out var low, out var high);
            sums += Parts(coefficients, low, feature)
                + Parts(coefficients, high, feature + Vector<double>.Count);
        }

        sum += Vector.Sum(sums);
        for (; feature < FeatureCount; feature++)
            sum += coefficients[1 + feature] * Standard(row[feature], feature);
        for (var i = 0; i < Missing.Length; i++)
            if (float.IsNaN(row[Missing[i]])) sum += coefficients[1 + FeatureCount + i];
        return sum;
    }

    /// <summary>A few features' parts of the log-odds at once.</summary>
    Vector<double> Parts(double[] coefficients, Vector<double> values, int feature)
    {
        var standard = (values - new Vector<double>(Means, feature)) * new Vector<double>(Scales, feature);
        var cut = Vector.Min(Vector.Max(standard, new Vector<double>(-Cut)), new Vector<double>(Cut));
        // What is missing differs from itself, and counts as average.
        var known = Vector.ConditionalSelect(Vector.Equals(values, values), cut, Vector<double>.Zero);
        return known * new Vector<double>(coefficients, 1 + feature);
    }

    /// <summary>
    /// Fits the rows for several ridges, the largest first, each starting where the one before ended. A
    /// feature whose coefficient runs against its wanted direction is left out.
    /// </summary>
    public static LinearModel[] Train(
        TrainingTable table, int[] rows, IReadOnlyList<double> ridges, IReadOnlyList<int>? directions = null,
        IReadOnlyList<double>? expected = null)
    {
        var shape = Shape(table, rows);
        var answers = Array.ConvertAll(rows, r => table.Answers[r]);
        while (true)
        {
            var models = Fit(shape, table, rows, answers, ridges, expected);
            var wrong = directions is null ? [] : Enumerable.Range(0, shape.FeatureCount).Where(f =>
                models.Any(m => m.Coefficients[1 + f] * directions[f] < 0)).ToList();
            if (wrong.Count == 0) return models;
            foreach (var feature in wrong) shape.Scales[feature] = 0;
        }
    }

    static LinearModel[] Fit(
        LinearModel shape, TrainingTable table, int[] rows, bool[] answers, IReadOnlyList<double> ridges,
        IReadOnlyList<double>? expected)
    {
        var width = shape.Coefficients.Length;
        var design = new double[rows.Length * width];
        for (var i = 0; i < rows.Length; i++) shape.Fill(table.Row(rows[i]), design.AsSpan(i * width, width));
        var models = new LinearModel[ridges.Count];
        var centre = shape.Centre(expected);
        var coefficients = centre.ToArray();
        var yes = answers.Count(a => a);
        coefficients[0] = Math.Log((yes + 0.5) / (answers.Length - yes + 0.5));
        for (var i = 0; i < ridges.Count; i++)
        {
            var factor = Newton(design, answers, coefficients, centre, ridges[i]);
            models[i] = new LinearModel
            {
                FeatureCount = shape.FeatureCount, Means = shape.Means, Scales = shape.Scales,
                Missing = shape.Missing, Coefficients = [.. coefficients],
                Covariance = Cholesky.Inverse(factor, width),
            };
        }

        return models;
    }

    static LinearModel Shape(TrainingTable table, int[] rows)
    {
        var count = table.Features.Count;
        var (means, scales, known) = (new double[count], new double[count], new int[count]);
        foreach (var row in rows)
        {
            var values = table.Row(row);
            for (var f = 0; f < count; f++)
            {
                if (!float.IsFinite(values[f])) continue;
                known[f]++;
                var delta = values[f] - means[f];
                means[f] += delta / known[f];
                scales[f] += delta * (values[f] - means[f]);
            }
        }

        for (var f = 0; f < count; f++)
        {
            var deviation = known[f] > 1 ? Math.Sqrt(scales[f] / known[f]) : 0;
            scales[f] = deviation > 1e-9 * (1 + Math.Abs(means[f])) ? 1 / deviation : 0;
        }

        int[] missing = [.. Enumerable.Range(0, count)
            .Where(f => rows.Length - known[f] >= Math.Max(2, MissingShare * rows.Length))];
        return new LinearModel
        {
            FeatureCount = count, Means = means, Scales = scales, Missing = missing,
            Coefficients = new double[1 + count + missing.Length], Covariance = [],
        };
    }

    /// <summary>Where the ridge pulls to: what is expected of a unit, per standard deviation.</summary>
    double[] Centre(IReadOnlyList<double>? expected)
    {
        var centre = new double[Coefficients.Length];
        for (var f = 0; f < FeatureCount && expected is not null; f++)
            if (Scales[f] > 0) centre[1 + f] = expected[f] / Scales[f];
        return centre;
    }

    double Standard(float value, int feature) =>
        float.IsNaN(value) ? 0 : Math.Clamp((value - Means[feature]) * Scales[feature], -Cut, Cut);

    void Fill(ReadOnlySpan<float> row, Span<double> design)
    {
        design[0] = 1;
        for (var feature = 0; feature < FeatureCount; feature++)
            design[1 + feature] = Standard(row[feature], feature);
        for (var i = 0; i < Missing.Length; i++)
            design[1 + FeatureCount + i] = float.IsNaN(row[Missing[i]]) ? 1 : 0;
    }

    /// <summary>
    /// Newton steps from the coefficients given, in place; returns the last Cholesky factor.
    /// </summary>
    static double[] Newton(
        double[] design, bool[] answers, double[] coefficients, double[] centre, double ridge)
    {
        const double Converged = 1e-6;
        var width = coefficients.Length;
        var hessian = new double[width * width];
        var gradient = new double[width];
        for (var step = 0; ; step++)
        {
            Array.Clear(hessian);
            Array.Clear(gradient);
            for (var i = 0; i < answers.Length; i++)
                AddRow(design.AsSpan(i * width, width), answers[i], coefficients, gradient, hessian);
            for (var j = 0; j < width; j++)
            {
                // The constant is all but free: a rare yes is a fact and not an outlier.
                var pull = j == 0 ? 1e-3 : ridge;
                gradient[j] += pull * (j == 0 ? 0 : coefficients[j] - centre[j]);
                hessian[(j * width) + j] += pull;
            }

            Cholesky.Factor(hessian, width);
            if (step == MaxSteps) return hessian;
            var move = Cholesky.Solve(hessian, gradient, width);
            var largest = 0.0;
            for (var j = 0; j < width; j++) largest = Math.Max(largest, Math.Abs(move[j]));
            // A step of more than a few log-odds leaves the range where the parabola resembles the loss.
            var damping = Math.Min(1, 4 / Math.Max(largest, 1e-12));
            for (var j = 0; j < width; j++) coefficients[j] -= damping * move[j];
            if (largest < Converged) return hessian;
        }
    }

    static void AddRow(
        ReadOnlySpan<double> row, bool answer, double[] coefficients, double[] gradient, double[] hessian)
    {
        var logOdds = 0.0;
        for (var j = 0; j < row.Length; j++) logOdds += row[j] * coefficients[j];
        var chance = Logistic.Chance(logOdds);
        var error = chance - (answer ? 1 : 0);
        var weight = Math.Max(1e-9, chance * (1 - chance));
        for (var j = 0; j < row.Length; j++)
        {
            gradient[j] += error * row[j];
            if (row[j] == 0) continue;
            AddScaled(row[..(j + 1)], weight * row[j], hessian.AsSpan(j * row.Length, j + 1));
        }
    }

    static void AddScaled(ReadOnlySpan<double> values, double factor, Span<double> target)
    {
        var factors = new Vector<double>(factor);
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(target[i..]) + (factors * new Vector<double>(values[i..])))
                .CopyTo(target[i..]);
        for (; i < values.Length; i++) target[i] += factor * values[i];
    }
}
