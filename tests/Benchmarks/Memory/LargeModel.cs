using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>A model with random weights in a file of their own, made once and kept, and its bundle.</summary>
internal sealed record LargeModel(string Name, long[] InputShape, long[] OutputShape, NamedArray Input, Func<string, string> Write)
{
    public static LargeModel ResNet50 { get; } =
        new("resnet50", [-1, 3, 224, 224], [-1, 1000], Workload.Floats(1, 3, 224, 224), folder => TestModels.ResNet50(folder));

    public static LargeModel Transformer { get; } =
        new("transformer", [-1, -1, 768], [-1, -1, 768], Workload.Floats(1, 128, 768), folder => TestModels.Transformer(folder));

    /// <summary>Two layers of the transformer, for a bench that only has to work.</summary>
    public static LargeModel Small { get; } =
        new("transformer-small", [-1, -1, 768], [-1, -1, 768], Workload.Floats(1, 32, 768), folder => TestModels.Transformer(folder, layers: 2));

    private string Folder => KeptModel.FolderOf(Name);

    /// <summary>model.onnx, beside its weights.</summary>
    public string ModelPath => Path.Combine(Folder, KeptModel.File);

    public long WeightBytes => new FileInfo(Path.Combine(Folder, "weights.bin")).Length;

    /// <summary>Packs the model, after making it where it is missing.</summary>
    public SignedBundle Pack(string folder)
    {
        KeptModel.Make(Name, made => Write(made));
        return KeptModel.Pack(folder, Name, KeptModel.Floats(Input.Name, InputShape), KeptModel.Floats("y", OutputShape), (Variant(), Folder));
    }

    private Variant Variant() => new() { Id = "fp32", Path = KeptModel.PathOf("fp32"), Precision = "fp32", Bytes = new ByteCount(WeightBytes), PeakMemory = default };
}
