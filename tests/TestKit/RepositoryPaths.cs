namespace EdgeRuntime.TestKit;

/// <summary>Where tests find what the repository and its set-up provide.</summary>
public static class RepositoryPaths
{
    /// <summary>The folder that holds EdgeRuntime.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>600 JPEG crops of text lines with labels.tsv; see tests/data/README.md.</summary>
    public static string TextLines { get; } = Path.Combine(Root, "tests", "data", "text-lines");

    /// <summary>The PP-OCRv4 models and their dictionary, as unpacked by the set-up.</summary>
    public static string OcrModels { get; } = Path.Combine(Root, "artifacts", "npm", "@gutenye", "ocr-models", "assets");

    /// <summary>Prometheus' checker, as the set-up unpacks it.</summary>
    public static string Promtool
    {
        get
        {
            var path = Path.Combine(Root, "artifacts", "tools", "promtool");
            return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run eng/promtool.sh first", path);
        }
    }

    /// <summary>ONNX's own tests of its ops, a folder each, as Debian's libonnx-testdata installs them.</summary>
    public static string OnnxNodeTests
    {
        get
        {
            const string path = "/usr/share/libonnx-testdata/data/node";
            return Directory.Exists(path) ? path : throw new DirectoryNotFoundException($"{path} is missing: run eng/setup.sh first");
        }
    }

    /// <summary>A program as <c>./edge publish</c> leaves it.</summary>
    public static string Program(string name)
    {
        var path = Path.Combine(Root, "artifacts", "publish", name, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run ./edge publish first", path);
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "EdgeRuntime.sln"))) return folder;
        throw new DirectoryNotFoundException($"no EdgeRuntime.sln above {AppContext.BaseDirectory}");
    }
}
