using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>Runs models in ONNX Runtime.</summary>
internal static class Bits
{
    public static byte[] Of<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    /// <summary>A model's answers to made-up inputs.</summary>
    public static IReadOnlyList<NamedArray> Answer(string path, int sample = 0, bool mapped = false)
    {
        using var model = PlainModel.Open(path, new ExecutionOptions { Threads = 1 }, mapped);
        return Answer(model, new MadeUpData(model.Inputs, 8).Read(sample));
    }

    /// <summary>A model's answers to the inputs given.</summary>
    public static IReadOnlyList<NamedArray> Answer(string path, IReadOnlyList<NamedArray> inputs)
    {
        using var model = PlainModel.Open(path, new ExecutionOptions { Threads = 1 });
        return Answer(model, new Sample("a test's own", inputs, default));
    }

    private static IReadOnlyList<NamedArray> Answer(PlainModel model, Sample sample)
    {
        using var context = model.CreateContext();
        SampleRun.On(context, model, sample, default);
        return SampleRun.Outputs(context, model);
    }

    /// <summary>Writes a model as a variant; the path of its model.onnx.</summary>
    public static string Export(OnnxModel model, string folder)
    {
        ModelExporter.Write(model, folder);
        return Path.Combine(folder, ModelExporter.ModelFile);
    }

    public static OnnxModel Import(byte[] model) => ModelImporter.Read(new MemoryStream(model), Path.Combine(Path.GetTempPath(), "test.onnx"));

    public static GoldenAgreement Agreement(NamedArray expected, NamedArray actual) => GoldenAgreement.Of(expected.Type, expected.Data, actual.Data);
}
