using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>
/// Inputs for models whose data nothing ships: sums of a few waves along every axis with some noise, which is smoother than noise alone and
/// rougher than nature. Whole numbers hold one value, states are zero.
/// </summary>
internal sealed record Signals(int Samples)
{
    private const int Waves = 4;

    /// <summary>The sizes of varying axes, in their order; the batch is not among them.</summary>
    public IReadOnlyList<long> Sizes { get; init; } = [];

    /// <summary>Most that a value is off the middle.</summary>
    public float Amplitude { get; init; } = 1;

    public float Middle { get; init; }

    /// <summary>What scalars of whole numbers hold, such as a sampling rate.</summary>
    public long Whole { get; init; } = 1;

    public QuantizeData Write(string folder, string model)
    {
        using var opened = PlainModel.Open(model, new ExecutionOptions { Threads = 1 });
        return new QuantizeData(Write(Path.Combine(folder, "calibration.npz"), opened.Inputs, seed: 1), Write(Path.Combine(folder, "evaluation.npz"), opened.Inputs, seed: 2));
    }

    private string Write(string path, IReadOnlyList<TensorSpec> inputs, ulong seed)
    {
        var random = new SplitMix(seed);
        File.WriteAllBytes(path, Npz.Write([.. inputs.Select(input => Array(input, random))]));
        return path;
    }

    private NamedArray Array(TensorSpec input, SplitMix random)
    {
        var sizes = new Queue<long>(Sizes);
        long[] shape = [.. input.Shape.Select((size, axis) => size >= 0 ? size : axis == 0 || input.Name == "state" ? 1 : sizes.Dequeue())];
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        var isState = input.Name == "state";
        var data = new MemoryStream();
        for (var sample = 0; sample < Samples; sample++)
            data.Write(input.Type == ElementType.Int64 ? MemoryMarshal.AsBytes<long>([.. Enumerable.Repeat(Whole, count)]) : MemoryMarshal.AsBytes<float>(isState ? new float[count] : Sample(shape, count, random)));
        return new NamedArray(input.Name, input.Type, [Samples, .. shape is [1, ..] ? shape.Skip(1) : shape], data.ToArray());
    }

    private float[] Sample(long[] shape, int count, SplitMix random)
    {
        var values = new float[count];
        for (var wave = 0; wave < Waves; wave++)
        {
            double[] steps = [.. shape.Select(size => (random.NextUnit() - 0.5) * Math.PI / (wave + 1))];
            var phase = 2 * Math.PI * random.NextUnit();
            for (var i = 0; i < count; i++) values[i] += (float)Math.Sin(phase + Angle(i, shape, steps)) / Waves;
        }
        for (var i = 0; i < count; i++) values[i] = Middle + Amplitude * (0.9f * values[i] + 0.1f * (float)(2 * random.NextUnit() - 1));
        return values;
    }

    private static double Angle(int index, long[] shape, double[] steps)
    {
        double angle = 0;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            angle += index % shape[axis] * steps[axis];
            index /= (int)shape[axis];
        }
        return angle;
    }
}
