using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Data;

/// <summary>Finds out what a path given as data holds.</summary>
internal static class EvaluationData
{
    public const string ImageLabels = "labels.tsv";

    /// <param name="path">An .npz, a folder of .npz, or a folder of images with labels.tsv.</param>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="images">The preprocess graph; null where there is none.</param>
    /// <param name="imageInput">The input that it makes.</param>
    /// <exception cref="PackagerException">It holds no samples, or not of this model.</exception>
    public static IEvaluationData Open(string path, IReadOnlyList<TensorSpec> inputs, string? images, string? imageInput)
    {
        if (File.Exists(path)) return new NpzData(path, [path], inputs);
        if (!Directory.Exists(path)) throw new PackagerException($"{path}: no such data");
        if (File.Exists(Path.Combine(path, ImageLabels))) return ImageFolder(path, inputs, images, imageInput);
        var files = Directory.GetFiles(path, "*.npz");
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? new NpzData(path, files, inputs) : throw new PackagerException($"{path}: holds neither {ImageLabels} with images nor any .npz");
    }

    private static ImageFolderData ImageFolder(string path, IReadOnlyList<TensorSpec> inputs, string? images, string? imageInput)
    {
        if (images is null || imageInput is null) throw new PackagerException($"{path}: holds images: say with --image how they become the model's input");
        if (inputs.Count != 1) throw new PackagerException($"{path}: holds images, the model has {inputs.Count} inputs: give the samples as .npz");
        return new ImageFolderData(path, images, imageInput);
    }
}
