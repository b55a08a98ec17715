namespace HybridConversations.Simulation.Fitting;

/// <summary>Solves small dense systems of equations.</summary>
internal static class LinearSystem
{
    /// <summary>x with <paramref name="matrix"/> · x = <paramref name="right"/>, by Gaussian elimination with pivots. Both are used up.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        for (var i = 0; i < n; i++)
        {
            var pivot = i;
            for (var k = i + 1; k < n; k++)
            {
                pivot = Math.Abs(matrix[k, i]) > Math.Abs(matrix[pivot, i]) ? k : pivot;
            }

            for (var j = 0; j < n; j++)
            {
                (matrix[i, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[i, j]);
            }

            (right[i], right[pivot]) = (right[pivot], right[i]);
            for (var k = i + 1; k < n; k++)
            {
                var factor = matrix[k, i] / matrix[i, i];
                for (var j = i; j < n; j++)
                {
                    matrix[k, j] -= factor * matrix[i, j];
                }

                right[k] -= factor * right[i];
            }
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++)
            {
                right[i] -= matrix[i, j] * right[j];
            }

            right[i] /= matrix[i, i];
        }

        return right;
    }
}
