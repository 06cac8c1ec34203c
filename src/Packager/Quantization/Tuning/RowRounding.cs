using System.Numerics;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization.Tuning;

// e = w / s - q;  error = e' C e;  a change of q_k by d changes it by d^2 C_kk - 2 d (C e)_k, which is least at d = (C e)_k / C_kk
/// <summary>
/// Rounds the weights of one output so that the error of what the layer answers is small, not that of each weight: each weight in turn is moved to where
/// the error is least, until none moves. Every move takes error away, so it ends, and never above where it began.
/// </summary>
internal sealed class RowRounding
{
    private const int MostSweeps = 20, Full = ByteColumns.Full;

    /// <summary>Of the mean variance, that is added to each: few samples do not say that a direction never varies.</summary>
    private const double Damping = 0.01;

    private readonly int[]? _partners;
    private readonly int _pairLimit;
    private readonly double[] _error, _slope;

    /// <param name="depth">Weights of an output.</param>
    /// <param name="order">The kernel's, where pairs of neighbours in it must fit; null where they need not.</param>
    /// <param name="pairLimit">Of the sum of two weights of one sign.</param>
    public RowRounding(int depth, int[]? order, int pairLimit)
    {
        _pairLimit = pairLimit;
        (_error, _slope) = (new double[depth], new double[depth]);
        if (order is null) return;
        _partners = new int[depth];
        for (var at = 0; at < depth; at++) _partners[order[at]] = (at ^ 1) < depth ? order[at ^ 1] : -1;
    }

    public static double[] Damped(double[] covariance, int size)
    {
        double trace = 0;
        for (var i = 0; i < size; i++) trace += covariance[i * size + i];
        var more = trace > 0 ? Damping * trace / size : 1;
        for (var i = 0; i < size; i++) covariance[i * size + i] += more;
        return covariance;
    }

    /// <summary>The nearest that fit.</summary>
    /// <param name="weights">Of an output.</param>
    /// <param name="scale">Of a step.</param>
    /// <param name="bytes">What they become.</param>
    public void Nearest(ReadOnlySpan<float> weights, float scale, Span<sbyte> bytes)
    {
        for (var k = 0; k < weights.Length; k++) bytes[k] = (sbyte)Math.Clamp(MathF.Round(weights[k] / scale), -Full, Full);
        if (_partners is null) return;
        for (var k = 0; k < weights.Length; k++)
            if (_partners[k] > k && bytes[k] > 0 == bytes[_partners[k]] > 0 && Math.Abs(bytes[k] + bytes[_partners[k]]) - _pairLimit is > 0 and var over)
            {
                var (one, other) = (over / 2, over - over / 2);
                bytes[k] -= (sbyte)(Math.Sign(bytes[k]) * one);
                bytes[_partners[k]] -= (sbyte)(Math.Sign(bytes[_partners[k]]) * other);
            }
    }

    /// <summary>Moves the bytes of a block of the row.</summary>
    /// <returns>The error that is left, in the units of the answers.</returns>
    public double Improve(ReadOnlySpan<float> weights, float scale, Span<sbyte> bytes, ReadOnlySpan<double> covariance, int start, int size)
    {
        for (var k = 0; k < size; k++) _error[k] = weights[start + k] / (double)scale - bytes[start + k];
        for (var k = 0; k < size; k++) _slope[k] = Dot(covariance.Slice(k * size, size), _error);
        for (var sweep = 0; sweep < MostSweeps && Sweep(bytes, covariance, start, size); sweep++)
        {
        }
        double left = 0;
        for (var k = 0; k < size; k++) left += _error[k] * _slope[k];
        return left * scale * scale;
    }

    private bool Sweep(Span<sbyte> bytes, ReadOnlySpan<double> covariance, int start, int size)
    {
        var moved = false;
        for (var k = 0; k < size; k++)
        {
            var variance = covariance[k * size + k];
            var best = Math.Round(_slope[k] / variance);
            if (best == 0) continue;
            var step = Allowed(bytes, start + k, (int)Math.Clamp(best, -Full, Full));
            if (step == 0 || step * (step * variance - 2 * _slope[k]) >= 0) continue;
            bytes[start + k] += (sbyte)step;
            _error[k] -= step;
            Subtract(_slope.AsSpan(0, size), covariance.Slice(k * size, size), step);
            moved = true;
        }
        return moved;
    }

    /// <summary>As much of a step as keeps the byte a byte, and its pair within the limit.</summary>
    private int Allowed(ReadOnlySpan<sbyte> bytes, int k, int step)
    {
        var other = _partners is not null && _partners[k] >= 0 ? bytes[_partners[k]] : (sbyte)0;
        var (low, high) = _partners is null ? (-Full, Full) : (Math.Max(-Full, -_pairLimit - Math.Min((int)other, 0)), Math.Min(Full, _pairLimit - Math.Max((int)other, 0)));
        return Math.Clamp(bytes[k] + step, low, high) - bytes[k];
    }

    private static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        double sum = 0;
        for (var i = 0; i < one.Length; i++) sum += one[i] * other[i];
        return sum;
    }

    private static void Subtract(Span<double> from, ReadOnlySpan<double> row, double factor)
    {
        var at = 0;
        for (; at + Vector<double>.Count <= row.Length; at += Vector<double>.Count)
            (new Vector<double>(from[at..]) - new Vector<double>(row[at..]) * factor).CopyTo(from[at..]);
        for (; at < row.Length; at++) from[at] -= row[at] * factor;
    }
}
