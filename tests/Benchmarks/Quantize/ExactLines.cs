using EdgeRuntime.Benchmarks.Startup;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>Text lines that are read without a single mistake: what users see, beside the share of characters that the gate decides by.</summary>
internal sealed class ExactLines : IDisposable
{
    private readonly ImageFolderData _data;
    private readonly CtcMetric _metric = new(0, new CtcDecoder(Labels.Load(TextModel.Labels)));
    private readonly string _folder;

    /// <param name="folder">Of this bench alone.</param>
    /// <param name="lines">Images with labels.tsv.</param>
    public ExactLines(string folder, string lines)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _data = TextHalves.Open(_folder, lines);
    }

    /// <summary>Points of lines that a variant of a bundle reads less than the float model.</summary>
    public double Loss(string bundle, TrustPolicy trust, string variant) => 100 * (Share(TextModel.Model) - Share(Extract(bundle, trust, variant)));

    public void Dispose() => _data.Dispose();

    private double Share(string path)
    {
        using var model = PlainModel.Open(path, new ExecutionOptions { Threads = 1 });
        var scores = new Evaluator(_data, _metric, CancellationToken.None).Run(model, model);
        return scores.Count(score => score.Gained == score.Possible) / (double)scores.Count;
    }

    private string Extract(string path, TrustPolicy trust, string variant)
    {
        using var bundle = VerifiedBundle.Open(path, trust);
        var model = bundle.Manifest.Variant(variant).Path;
        var home = Path.GetDirectoryName(model) + "/";
        foreach (var entry in bundle.Manifest.Entries.Keys.Where(entry => entry.StartsWith(home, StringComparison.Ordinal)))
        {
            using var content = bundle.OpenEntry(entry);
            using var file = File.Create(Path.Combine(_folder, Path.GetFileName(entry)));
            content.CopyTo(file);
        }
        return Path.Combine(_folder, Path.GetFileName(model));
    }
}
