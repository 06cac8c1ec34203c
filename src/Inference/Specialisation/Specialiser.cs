using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Native;
using EdgeRuntime.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>
/// Makes the specialised form of a model for this machine: optimise and save -> move the packed blobs to page boundaries ->
/// compare with the unmoved session -> measure, alone and in a batch -> keep what is worth it. Runs once, on a thread of its own.
/// </summary>
internal sealed class Specialiser(SpecialisationRequest request, SessionCache cache, TimeProvider time)
{
    private const long FixedCost = 60 << 20;
    private const string PackedModelName = "model.packed.onnx";

    private readonly List<FormRecord> _measured = [];

    /// <summary>The entry, in its place in the cache.</summary>
    /// <exception cref="InferenceException">There is not enough memory or disk, or the result is not equal.</exception>
    public CacheEntry Prepare(CancellationToken cancel)
    {
        CheckHeadroom();
        string staging = cache.Stage();
        try
        {
            using (var reference = new TrialSession(request, request.ModelPath, LoadMode.InMemory, time, session => SaveTo(session, staging)))
            {
                Libc.TrimHeap(); // what optimising took: the runs that follow come on top
                cancel.ThrowIfCancellationRequested();
                var layout = MoveWeights(staging, cancel);
                var form = Choose(staging, reference, layout, cancel);
                Keep(staging, form, layout);
            }
            return cache.Commit(staging, Describe(staging));
        }
        finally
        {
            cache.Unstage(staging);
            Libc.TrimHeap();
        }
    }

    private void CheckHeadroom()
    {
        long needed = request.WeightBytes + request.WeightBytes / 10 + FixedCost;
        long available = ProcessMemory.Available();
        if (available < needed)
        {
            throw new InferenceException(InferenceError.OverBudget,
                $"specialising needs {new ByteCount(needed)} of memory, over the {new ByteCount(Math.Max(available, 0))} that are free");
        }
    }

    private static void SaveTo(SessionOptions session, string staging)
    {
        string raw = Directory.CreateDirectory(Path.Combine(staging, "raw")).FullName;
        session.OptimizedModelFilePath = Path.Combine(raw, CacheEntry.ModelName);
        session.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", CacheEntry.WeightsName);
        session.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
        session.AddSessionConfigEntry("session.save_external_prepacked_constant_initializers", "1");
    }

    // Both forms share one file of weights until one of them is chosen.
    private static WeightLayout MoveWeights(string staging, CancellationToken cancel)
    {
        string raw = Path.Combine(staging, "raw");
        byte[] model = File.ReadAllBytes(Path.Combine(raw, CacheEntry.ModelName));
        string weights = Path.Combine(raw, CacheEntry.WeightsName);
        var layout = WeightLayout.Of(model, File.Exists(weights) ? new FileInfo(weights).Length : 0);
        if (layout.Copies.Count > 0) WeightCopy.Run(weights, Path.Combine(staging, CacheEntry.WeightsName), layout, cancel);
        Write(CacheEntry.ModelName, keepPrepacked: false);
        if (layout.End > layout.TensorsEnd) Write(PackedModelName, keepPrepacked: true);
        Directory.Delete(raw, recursive: true);
        return layout;

        void Write(string name, bool keepPrepacked) => File.WriteAllBytes(Path.Combine(staging, name),
            ShapeEraser.Rewrite(new ExternalDataRewriter(layout.Place, CacheEntry.WeightsName, keepPrepacked).Rewrite(model)));
    }

    private SessionForm Choose(string staging, TrialSession reference, WeightLayout layout, CancellationToken cancel)
    {
        var sample = request.Sample();
        reference.Run(sample, cancel);
        var trials = new List<TrialSession>();
        var reasons = new List<string>();
        try
        {
            Try(trials, reasons, reference, sample, Path.Combine(staging, CacheEntry.ModelName), LoadMode.Specialised, cancel);
            if (layout.End > layout.TensorsEnd) Try(trials, reasons, reference, sample, Path.Combine(staging, PackedModelName), LoadMode.Prepacked, cancel);
            if (trials.Count == 0) throw new InferenceException(InferenceError.ModelInvalid, string.Join("; ", reasons));
            Measure([reference, .. trials], sample, cancel);
            return FormChoice.Choose(_measured);
        }
        finally
        {
            foreach (var trial in trials) trial.Dispose();
        }
    }

    private void Try(List<TrialSession> trials, List<string> reasons, TrialSession reference, SampleInputs sample, string modelPath, LoadMode mode, CancellationToken cancel)
    {
        var trial = new TrialSession(request, modelPath, mode, time);
        try
        {
            trial.Run(sample, cancel);
            if (trial.Differs(reference) is { } difference) reasons.Add($"the form {trial.Form} is not equal to the plain one: {difference}");
            else trials.Add(trial);
        }
        finally
        {
            if (!trials.Contains(trial)) trial.Dispose();
        }
    }

    private void Measure(List<TrialSession> sessions, SampleInputs sample, CancellationToken cancel)
    {
        var measurement = new FormMeasurement(time, cancel);
        var times = measurement.Rounds([.. sessions.Select(session => session.Context)]);
        var together = Together(sessions, sample, measurement, cancel);
        for (int i = 0; i < sessions.Count; i++)
        {
            double ratio = Math.Max(FormMeasurement.MedianRatio(times[i], times[0]), together?[i] ?? 0);
            _measured.Add(new FormRecord(sessions[i].Form, FormMeasurement.Median(times[i]), ratio, sessions[i].AnonymousBytes, sessions[i].OpenMilliseconds));
        }
    }

    // The ratios of runs of several requests; null where there are none such, or the model does not bear them after all.
    private double[]? Together(List<TrialSession> sessions, SampleInputs sample, FormMeasurement measurement, CancellationToken cancel)
    {
        if (BatchSample.Of(request, sample, sessions[0].Context) is not { } batch) return null;
        try
        {
            foreach (var session in sessions) session.Run(batch, cancel);
            var times = measurement.Rounds([.. sessions.Select(session => session.Context)]);
            return [.. times.Select((list, i) => sessions[i].Differs(sessions[0]) is null ? FormMeasurement.MedianRatio(list, times[0]) : double.MaxValue)];
        }
        catch (InferenceException)
        {
            return null;
        }
    }

    private static void Keep(string staging, SessionForm form, WeightLayout layout)
    {
        string model = Path.Combine(staging, CacheEntry.ModelName), packed = Path.Combine(staging, PackedModelName);
        string weights = Path.Combine(staging, CacheEntry.WeightsName);
        if (form == SessionForm.Prepacked) File.Move(packed, model, overwrite: true);
        File.Delete(packed);
        if (form == SessionForm.Specialised && File.Exists(weights)) Truncate(weights, layout.TensorsEnd);
        if (form != SessionForm.Plain) return;
        File.Delete(model);
        File.Delete(weights);
    }

    private static void Truncate(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(length);
    }

    private EntryRecord Describe(string staging) => new()
    {
        Format = EntryRecord.CurrentFormat,
        Key = request.Key,
        Form = FormChoice.Choose(_measured),
        Files = Directory.EnumerateFiles(staging).ToDictionary(path => Path.GetFileName(path), EntryCheck.Describe, StringComparer.Ordinal),
        Measured = _measured,
    };
}
