namespace Overture.Ranking.Learning;

/// <summary>
/// Cholesky factors of positive definite matrices, lower triangle, row after row in a square array.
/// </summary>
static class Cholesky
{
    /// <summary>Replaces the lower triangle by its factor.</summary>
    public static void Factor(double[] matrix, int size)
    {
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[(i * size) + j];
                for (var k = 0; k < j; k++) sum -= matrix[(i * size) + k] * matrix[(j * size) + k];
                matrix[(i * size) + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12))
                    : sum / matrix[(j * size) + j];
            }
        }
    }

    /// <summary>Solves matrix · x = right for a factor.</summary>
    public static double[] Solve(double[] factor, ReadOnlySpan<double> right, int size)
    {
        var x = right.ToArray();
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= factor[(i * size) + k] * x[k];
            x[i] /= factor[(i * size) + i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++) x[i] -= factor[(k * size) + i] * x[k];
            x[i] /= factor[(i * size) + i];
        }

        return x;
    }

    /// <summary>
    /// The lower triangle of the inverse, packed row after row, in single precision: that is all a written
    /// model keeps, and a model must not change by being written.
    /// </summary>
    public static double[] Inverse(double[] factor, int size)
    {
        var packed = new double[size * (size + 1) / 2];
        var unit = new double[size];
        for (int i = 0, at = 0; i < size; i++, at += i)
        {
            unit[i] = 1;
            var row = Solve(factor, unit, size);
            for (var j = 0; j <= i; j++) packed[at + j] = (float)row[j];
            unit[i] = 0;
        }

        return packed;
    }
}
