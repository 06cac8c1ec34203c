using EdgeRuntime.Benchmarks.Startup;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>Builds bundles in this process, with every variant that is for speed.</summary>
internal sealed class PackagerRun(BenchRun run)
{
    public const string ImageForm = "resize=48xW,bgr,mean=0.5,std=0.5";
    private static readonly string[] Wanted = [VariantLadder.Fp32, VariantLadder.Int8, VariantLadder.Int8Dynamic];

    public BuildResult Build(QuantizedModel model, string path, QuantizeData data, string output, string? measured = null) =>
        new BundleBuild(data.ApplyTo(Request(model, path, output, measured)), new Log(run), TimeProvider.System, CancellationToken.None).Run();

    private BuildRequest Request(QuantizedModel model, string path, string output, string? measured) => new()
    {
        Model = path,
        Name = model.Name,
        Version = "1.0.0",
        Sequence = 1,
        Targets = [Target.Load(ThisMachine.Target)],
        Precisions = [.. Wanted.Where(VariantLadder.Precisions.Contains)],
        SigningKeys = [Key],
        Output = output,
        Image = model.IsText ? ImageOption.Parse(ImageForm) : null,
        Labels = model.IsText ? TextModel.Labels : null,
        Postprocess = model.IsText ? PostprocessStep.Ctc : PostprocessStep.Raw,
        Metric = model.Metric,
        MaxDrop = model.MaxDrop,
        Measured = measured,
    };

    /// <summary>Whose bundles these are.</summary>
    public TrustPolicy Trust => TrustPolicy.Load([Path.ChangeExtension(Key, ".pub")]);

    private string Key => field ??= SigningKey.Generate(SignatureAlgorithm.Ed25519).Save(Path.Combine(run.Scratch, "keys"), "bench");

    private sealed class Log(BenchRun run) : BuildLog
    {
        public override void Say(string line) => run.Says(line);

        public override void Explain(string line)
        {
        }

        public override void Progress(string step, long done, long total)
        {
        }
    }
}
