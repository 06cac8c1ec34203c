using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>Whether the same inputs and the same measurements give the same bundle, manifest.sig included since Ed25519 signs alike.</summary>
internal static class Reproducibility
{
    public const string Part = "reproducible";
    private const int Layers = 2, Width = 128, Heads = 4, Sequence = 16;

    public static void Measure(BenchRun run)
    {
        run.Says("building twice");
        var folder = Directory.CreateDirectory(Path.Combine(run.Scratch, Part)).FullName;
        var model = new QuantizedModel("small-transformer") { Model = made => TestModels.Transformer(made, Layers, Width, Heads), Data = new Signals(8) { Sizes = [Sequence] }.Write, MaxDrop = 1 };
        var path = model.Model(folder);
        var data = model.Data(folder, path);
        var packager = new PackagerRun(run);
        var first = packager.Build(model, path, data, Path.Combine(folder, "first.bundle"));
        var second = packager.Build(model, path, data, Path.Combine(folder, "second.bundle"), first.Measured);
        var same = File.ReadAllBytes(first.Bundle).AsSpan().SequenceEqual(File.ReadAllBytes(second.Bundle));
        run.Report.Add(new Figure(Part, same ? 1 : 0, "") { Goal = Goal.NoLessThan(1), Samples = 2, Note = $"{string.Join(", ", first.Variants.Select(variant => variant.Id))}, digests {first.Digest[..12]} and {second.Digest[..12]}" });
    }
}
