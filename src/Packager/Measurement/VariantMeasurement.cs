using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;

namespace EdgeRuntime.Packaging.Measurement;

/// <summary>
/// Times a variant and its memory on one sample. On a machine of the target's kind the times are measured; elsewhere they are this machine's and
/// marked as not measured.
/// </summary>
internal sealed class VariantMeasurement(IReadOnlyList<Target> targets, Sample sample, TimeProvider time, CancellationToken cancel)
{
    private const int WarmUp = 2, Fewest = 5, Most = 50, Decimals = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    public MeasuredVariant Of(string modelPath, Sha256Digest digest, Target? only)
    {
        var peak = MemoryPeak.During(() =>
        {
            using var mapped = PlainModel.Open(modelPath, new ExecutionOptions { Threads = 1 }, mapped: true);
            using var context = mapped.CreateContext();
            SampleRun.On(context, mapped, sample, cancel);
        });
        var wanted = only is null ? targets : [only];
        var local = new Dictionary<int, double>();
        return new MeasuredVariant { Digest = digest.ToString(), PeakMemoryBytes = peak.Bytes, Latencies = [.. wanted.SelectMany(target => Latencies(modelPath, target, local))] };
    }

    private IEnumerable<Latency> Latencies(string modelPath, Target target, Dictionary<int, double> local)
    {
        foreach (var threads in ThreadCounts(target))
        {
            var onTarget = MachineKind.Refusal(target) is null ? OnTarget(modelPath, target, threads, local) : null;
            var milliseconds = onTarget ?? Local(modelPath, threads, local);
            yield return new Latency { Target = target.Name, Threads = threads, Milliseconds = milliseconds, Measured = onTarget is not null };
        }
    }

    private static IEnumerable<int> ThreadCounts(Target target) => new[] { 1, target.Threads }.Where(threads => threads <= Environment.ProcessorCount).Distinct();

    /// <summary>Null where the target's accelerator is not here.</summary>
    private double? OnTarget(string modelPath, Target target, int threads, Dictionary<int, double> local)
    {
        if (target.ExecutionProviders is [ExecutionOptions.Cpu, ..]) return Local(modelPath, threads, local);
        try
        {
            return Time(modelPath, ExecutionOptions.From(target) with { Threads = threads, AllowCpuFallback = false, Cpus = [] });
        }
        catch (InferenceException error) when (error.Error == InferenceError.ProviderUnavailable)
        {
            return null;
        }
    }

    private double Local(string modelPath, int threads, Dictionary<int, double> known)
    {
        if (!known.TryGetValue(threads, out var milliseconds)) known[threads] = milliseconds = Time(modelPath, new ExecutionOptions { Threads = threads });
        return milliseconds;
    }

    private double Time(string modelPath, ExecutionOptions options)
    {
        using var model = PlainModel.Open(modelPath, options);
        using var context = model.CreateContext();
        for (var i = 0; i < WarmUp; i++) SampleRun.On(context, model, sample, cancel);
        var times = new List<double>();
        var start = time.GetTimestamp();
        while (times.Count < Most && (times.Count < Fewest || time.GetElapsedTime(start) < Patience))
        {
            var from = time.GetTimestamp();
            SampleRun.On(context, model, sample, cancel);
            times.Add(time.GetElapsedTime(from).TotalMilliseconds);
        }
        times.Sort();
        return Math.Round(times[times.Count / 2], Decimals);
    }
}
