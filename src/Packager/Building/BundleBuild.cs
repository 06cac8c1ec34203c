using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
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
        var golden = GoldenSet.Record(original, data, request.Golden, cancel);
        var steps = Postprocessing.Steps(request, labels, golden.Answers[0]);
        var metric = Metrics.Create(request.Metric, labels, golden.Answers[0]);
        var gate = new QualityGate(original, data, metric, request.MaxDrop, cancel);
        var ladder = MakeLadder(new VariantForge(imported, golden, work["variants"], request.StopAfter, cancel), gate);
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
        ? EvaluationData.Open(path, tensors.Inputs, images, tensors.ImageInput)
        : new MadeUpData(tensors.Inputs, request.Golden);

    private Ladder MakeLadder(VariantForge forge, QualityGate gate)
    {
        var ladder = new Ladder();
        foreach (var recipe in VariantLadder.Of(request.Precisions, request.Targets))
        {
            log.Say($"variant {recipe.Id}: {string.Join(", ", recipe.Passes.Select(pass => pass.Name))}");
            try
            {
                Climb(ladder, forge.Make(recipe), gate);
            }
            catch (PackagerException error) when (recipe.Precision != VariantLadder.Fp32)
            {
                Refuse(ladder, recipe.Id, error.Message);
            }
        }
        return ladder.Accepted.Count > 0 ? ladder : throw new PackagerException($"no variant is good enough: {string.Join("; ", ladder.Refused.Select(refused => refused.Reason))}");
    }

    private void Climb(Ladder ladder, MadeVariant made, QualityGate gate)
    {
        foreach (var pass in made.Passes) log.Explain($"  {pass.Name}: {pass.Did}");
        log.Explain($"  golden answers: cosine {made.Agreement.Cosine:f9}, off by up to {made.Agreement.Absolute:g4}");
        var id = made.Recipe.Id;
        using var session = PlainModel.Open(made.ModelPath, VariantForge.Options);
        var quality = gate.Measure(session, made.Recipe.Precision == VariantLadder.Fp32, (done, total) => log.Progress($"evaluating {id}", done, total));
        log.Say($"variant {id}: {quality.Metric} {quality.Value:f4} (95 % {quality.Low:f4} to {quality.High:f4}, {quality.Samples} samples), {quality.Relative:f4} of fp32, {made.Bytes}");
        if (gate.Refusal(quality) is { } reason) Refuse(ladder, id, $"variant '{id}': {reason}");
        else ladder.Accepted.Add(new LadderRung(made, quality));
    }

    private void Refuse(Ladder ladder, string id, string reason)
    {
        ladder.Refused.Add(new RefusedVariant(id, reason));
        log.Say($"left out: {reason}");
    }
}
