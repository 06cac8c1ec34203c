using EdgeRuntime.Inference;

namespace EdgeRuntime.Packaging.Building;

/// <summary>Reads the labels of <c>--labels</c>.</summary>
internal static class LabelFile
{
    public static Labels Load(string path)
    {
        if (!File.Exists(path)) throw new PackagerException($"{path}: no such labels");
        var labels = Labels.Load(path);
        return labels.Count > 0 ? labels : throw new PackagerException($"{path}: holds no labels");
    }
}
