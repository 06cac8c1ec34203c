using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Packing;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Building;

/// <summary>One build: import, passes and variants, evaluation and gate, measurement, packing; in the order in which the model flows.</summary>
internal sealed class BundleBuild(BuildRequest request, BuildLog log, TimeProvider time, CancellationToken cancel)
{
    /// <exception cref="PackagerException">The model, the data or the fp32 variant cannot be used; there is no bundle then.</exception>
    public BuildResult Run()
    {
        var keys = request.SigningKeys.Select(SigningKey.Load).ToList();
        var measured = request.Measured is null ? null : MeasuredFile.Load(request.Measured);
        var labels = request.Labels is null ? null : LabelFile.Load(request.Labels);
        using var work = WorkFolder.Beside(request.Output);
        log.Say($"importing {request.Model}");
        var imported = ModelImporter.Load(request.Model);
        using var original = PlainModel.Open(request.Model, VariantForge.Options);
        var tensors = ModelInterface.Of(original.Inputs, original.Outputs, request.Image, request.Buckets);
        var images = WriteImageGraph(work);
        using var data = OpenData(tensors, images);
        using var calibration = request.Calibration is { } samples ? new NumberedData(EvaluationData.Open(samples, tensors.Inputs, images, tensors.ImageInput)) : null;
        var golden = GoldenSet.Record(original, data, request.Golden, cancel);
        var steps = Postprocessing.Steps(request, labels, golden.Answers[0]);
        var metric = Metrics.Create(request.Metric, labels, golden.Answers[0]);
        var gate = new QualityGate(original, data, metric, request.MaxDrop, cancel);
        var speed = new SpeedGate(original, FilesOf(imported), request.Targets, new PairedTiming(golden.Samples[0], time, cancel), measured is null ? null : new KnownSpeeds(measured, request.Measured!));
        var gates = new VariantGate(gate, speed, work["audit"], log);
        var ladder = MakeLadder(new VariantForge(imported, golden, work["variants"], request.StopAfter, time, cancel), gates, calibration is null ? null : new Calibrator(calibration, log, cancel));
        var draft = new BundleDraft(request, tensors, steps, golden, images);
        return draft.Pack(ladder, new VariantMeasurement(request.Targets, golden.Samples[0], time, cancel), measured, keys, log);
    }

    private string? WriteImageGraph(WorkFolder work)
    {
        if (request.Image is null) return null;
        var path = work["preprocess.onnx"];
        File.WriteAllBytes(path, ImageGraph.Build(request.Image));
        return path;
    }

    private IEvaluationData OpenData(ModelInterface tensors, string? images) => request.Evaluate is { } path
        ? new NumberedData(EvaluationData.Open(path, tensors.Inputs, images, tensors.ImageInput))
        : new MadeUpData(tensors.Inputs, request.Golden);

    private static ByteCount FilesOf(OnnxModel model) => new(model.Proto.CalculateSize() + GraphWalk.Tensors(model.Graph).Where(model.IsOutside).Sum(tensor => model.ContentOf(tensor).Length));

    private Ladder MakeLadder(VariantForge forge, VariantGate gate, Calibrator? calibrator)
    {
        var ladder = new Ladder();
        foreach (var recipe in VariantLadder.Of(request.Precisions, request.Targets, calibrator, request.CalibrationMethod, request.Tuning))
        {
            log.Say($"variant {recipe.Id}: {string.Join(", ", recipe.Passes.Select(pass => pass.Name))}{(recipe.Ranges is { } method ? $"; ranges by {method}" : "")}");
            try
            {
                for (VariantRecipe? attempt = recipe; attempt is not null;) attempt = gate.Judge(forge.Make(attempt), ladder);
            }
            catch (PackagerException error) when (recipe.Precision != VariantLadder.Fp32 && !error.IsOfSamples)
            {
                gate.Refuse(ladder, new RefusedVariant(recipe.Id, error.Message));
            }
        }
        ladder.Sort();
        return ladder.Accepted.Count > 0 ? ladder : throw new PackagerException($"no variant is good enough: {string.Join("; ", ladder.Refused.Select(refused => refused.Reason))}");
    }
}
