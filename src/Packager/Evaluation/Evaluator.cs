using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>
/// Runs models over all samples of some data. Each run is of one thread, and samples are shared out among as many workers as there are
/// cores: the figures do not depend on how many.
/// </summary>
internal sealed class Evaluator(IEvaluationData data, IMetric metric, CancellationToken cancel)
{
    /// <param name="candidate">What is measured.</param>
    /// <param name="reference">The fp32 model; may be the same.</param>
    /// <param name="progress">Called with samples done, from any thread.</param>
    /// <exception cref="PackagerException">A sample or the model cannot be used.</exception>
    public IReadOnlyList<SampleScore> Run(PlainModel candidate, PlainModel reference, Action<int, int>? progress = null)
    {
        var scores = new SampleScore[data.Count];
        var done = 0;
        try
        {
            Parallel.For(0, data.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel },
                () => new Worker(data, metric, candidate, reference),
                (index, _, worker) =>
                {
                    scores[index] = worker.Score(index, cancel);
                    progress?.Invoke(Interlocked.Increment(ref done), data.Count);
                    return worker;
                },
                worker => worker.Dispose());
        }
        catch (AggregateException errors)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
        return scores;
    }

    private sealed class Worker(IEvaluationData data, IMetric metric, PlainModel candidate, PlainModel reference) : IDisposable
    {
        private readonly ISampleReader _reader = data.OpenReader();
        private readonly RunContext _candidate = candidate.CreateContext();
        private RunContext? _reference;

        public SampleScore Score(int index, CancellationToken cancel)
        {
            var sample = _reader.Read(index);
            SampleRun.On(_candidate, candidate, sample, cancel);
            if (!metric.NeedsReference(sample.Answer)) return metric.Score(sample, _candidate, null);
            _reference ??= reference.CreateContext();
            SampleRun.On(_reference, reference, sample, cancel);
            return metric.Score(sample, _candidate, _reference);
        }

        public void Dispose()
        {
            _reader.Dispose();
            _candidate.Dispose();
            _reference?.Dispose();
        }
    }
}
