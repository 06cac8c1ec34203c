using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Export;

/// <summary>A model on its way through the passes, opened on one thread to see what ONNX Runtime says of it; its files go with it.</summary>
internal sealed class TemporaryModel : IDisposable
{
    private readonly WorkFolder _folder;

    private TemporaryModel(WorkFolder folder, PlainModel session) => (_folder, Session) = (folder, session);

    public PlainModel Session { get; }

    /// <param name="model">Is not changed.</param>
    /// <param name="mapped">As for <see cref="PlainModel.Open"/>.</param>
    /// <exception cref="InferenceException">ONNX Runtime does not open it.</exception>
    public static TemporaryModel Open(OnnxModel model, bool mapped) => Open(model, mapped, tensorsOnly: false);

    /// <summary>As <see cref="Open"/>, with values within the model among its outputs: those of them that are tensors.</summary>
    public static TemporaryModel Exposing(OnnxModel model, IEnumerable<string> values, bool mapped)
    {
        var exposed = model.Clone();
        var known = exposed.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        exposed.Graph.Output.AddRange(values.Where(known.Add).Select(value => new ValueInfoProto { Name = value }));
        return Open(exposed, mapped, tensorsOnly: true);
    }

    public void Dispose()
    {
        Session.Dispose();
        _folder.Dispose();
    }

    private static TemporaryModel Open(OnnxModel model, bool mapped, bool tensorsOnly)
    {
        var folder = WorkFolder.Temporary();
        try
        {
            ModelExporter.Write(model, folder.Path);
            return new TemporaryModel(folder, PlainModel.Open(folder[ModelExporter.ModelFile], new ExecutionOptions { Threads = 1 }, mapped, tensorsOnly));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
