using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Packaging.Data;

/// <summary>Samples of a folder of images; labels.tsv lists them: file, tab, answer. Images go through the bundle's own preprocess graph.</summary>
internal sealed class ImageFolderData : IEvaluationData
{
    private readonly string _folder, _input;
    private readonly List<(string File, string Answer)> _rows = [];
    private readonly ImagePreprocessor _images;

    public ImageFolderData(string folder, string graph, string input)
    {
        (_folder, _input) = (folder, input);
        foreach (var line in File.ReadLines(Path.Combine(folder, EvaluationData.ImageLabels)))
            if (line.Length > 0) _rows.Add(Row(line));
        if (_rows.Count == 0) throw new PackagerException($"{folder}: {EvaluationData.ImageLabels} names no images");
        _images = ImagePreprocessor.Open(graph);
    }

    public int Count => _rows.Count;

    public ISampleReader OpenReader() => new Reader(this, _images.Fork());

    public void Dispose() => _images.Dispose();

    private (string File, string Answer) Row(string line)
    {
        var where = $"{_folder}: {EvaluationData.ImageLabels} line {_rows.Count + 1}";
        if (line.Split('\t') is not [var file, var answer]) throw new PackagerException($"{where}: not a file, a tab and an answer");
        if (Path.IsPathRooted(file) || file.Split('/').Contains("..")) throw new PackagerException($"{where}: '{Identifier.Quote(file)}' is outside of the folder");
        return File.Exists(Path.Combine(_folder, file)) ? (file, answer) : throw new PackagerException($"{where}: no such image '{Identifier.Quote(file)}'");
    }

    private sealed class Reader(ImageFolderData data, ImagePreprocessor images) : ISampleReader
    {
        public Sample Read(int index)
        {
            var (file, answer) = data._rows[index];
            var path = Path.Combine(data._folder, file);
            try
            {
                var tensor = images.Run(File.ReadAllBytes(path));
                return new Sample(path, [new NamedArray(data._input, tensor.Type, tensor.Shape.ToArray(), tensor.Data.ToArray())], new Answer(answer, null));
            }
            catch (InferenceException error)
            {
                throw new PackagerException($"{path}: {error.Message}", error);
            }
        }

        public void Dispose() => images.Dispose();
    }
}
