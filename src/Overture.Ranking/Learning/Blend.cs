namespace Overture.Ranking.Learning;

/// <summary>How much the trees and the line count in the log-odds.</summary>
sealed record Blend(double Constant, double Trees, double Line)
{
    /// <summary>
    /// Weight of the belief that the better of the two is right alone. Among few and noisy answers a weaker
    /// belief lets luck mix in what does not help.
    /// </summary>
    const double Prior = 30;

    const int MaxSteps = 30;

    public double LogOdds(double trees, double line) => Constant + (Trees * trees) + (Line * line);

    /// <summary>
    /// The weights with the least loss on held-back answers, none below zero. With the constant this is
    /// Platt's calibration at the same time.
    /// </summary>
    public static Blend Fit(double[] trees, double[] line, bool[] answers)
    {
        var isLineBetter = Loss(line, answers) < Loss(trees, answers);
        var both = Newton(trees, line, answers, isLineBetter);
        if (both.Trees >= 0 && both.Line >= 0) return both;
        return Newton(trees, line, answers, isLineBetter, hasTrees: both.Trees >= 0, hasLine: both.Line >= 0);
    }

    static double Loss(double[] logOdds, bool[] answers) =>
        logOdds.Zip(answers, Logistic.Loss).Sum();

    static Blend Newton(double[] trees, double[] line, bool[] answers, bool isLineBetter,
        bool hasTrees = true, bool hasLine = true)
    {
        double[] wanted = [0, isLineBetter ? 0 : 1, isLineBetter ? 1 : 0];
        double[] weights = [.. wanted];
        double[] row = [1, 0, 0];
        for (var step = 0; step < MaxSteps; step++)
        {
            var gradient = new double[3];
            var hessian = new double[9];
            for (var j = 0; j < 3; j++)
            {
                gradient[j] = Prior * (weights[j] - wanted[j]);
                hessian[j * 4] = Prior;
            }

            for (var i = 0; i < answers.Length; i++)
            {
                (row[1], row[2]) = (hasTrees ? trees[i] : 0, hasLine ? line[i] : 0);
                var chance = Logistic.Chance(weights[0] + (weights[1] * row[1]) + (weights[2] * row[2]));
                for (var j = 0; j < 3; j++)
                {
                    gradient[j] += (chance - (answers[i] ? 1 : 0)) * row[j];
                    for (var k = 0; k <= j; k++)
                        hessian[(j * 3) + k] += chance * (1 - chance) * row[j] * row[k];
                }
            }

            Cholesky.Factor(hessian, 3);
            var move = Cholesky.Solve(hessian, gradient, 3);
            for (var j = 0; j < 3; j++) weights[j] -= Math.Clamp(move[j], -1, 1);
            if (move.Max(Math.Abs) < 1e-9) break;
        }

        return new Blend(weights[0], weights[1], weights[2]);
    }
}
