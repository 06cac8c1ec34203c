using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Data;

public sealed class EvaluationDataTests : IDisposable
{
    private static readonly TensorSpec[] Inputs = [new() { Name = "x", Type = ElementType.Float32, Shape = [-1, 2] }];
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void Open_Npz_SplitsTheFirstAxis()
    {
        using var data = Open(Npz("a.npz", 3, 3));
        Assert.Equal(3, data.Count);
        using var reader = data.OpenReader();
        var sample = reader.Read(2);
        Assert.Equal([1, 2], sample.Inputs[0].Shape);
        Assert.Equal(Bits.Of(4f, 5f), sample.Inputs[0].Data);
        Assert.Equal(Bits.Of(2L), sample.Answer.Numbers!.Data);
    }

    [Fact]
    public void Open_FolderOfNpz_CountsAllInTheOrderOfNames()
    {
        Npz("b.npz", 2, 2);
        Npz("a.npz", 1, 1);
        using var data = Open(_workshop.Path);
        using var reader = data.OpenReader();
        Assert.Equal(3, data.Count);
        Assert.EndsWith("a.npz sample 0", reader.Read(0).Name);
        Assert.EndsWith("b.npz sample 1", reader.Read(2).Name);
    }

    [Fact]
    public void Open_LabelsOfAnotherCount_NamesBoth() => Refused("array 'labels' holds 2 samples, 'x' holds 3", Npz("a.npz", 3, 2));

    [Fact]
    public void Open_NoSamples_IsRefused() => Refused("holds no samples", Npz("a.npz", 0, 0));

    [Fact]
    public void Open_EmptyFolder_IsRefused() => Refused("holds neither labels.tsv with images nor any .npz", Directory.CreateDirectory(_workshop["empty"]).FullName);

    [Fact]
    public void Open_Missing_IsRefused() => Refused("no such data", _workshop["absent"]);

    [Fact]
    public void Open_ArrayOfAnotherShape_NamesBoth()
    {
        var path = _workshop.Write("a.npz", Bundles.Npz.Write([new NamedArray("x", ElementType.Float32, [2, 3], new byte[24])]));
        Refused("does not fit the model's input x FP32[?,2]", path);
    }

    [Fact]
    public void Open_ImagesWithoutPreprocessing_SaysWhatIsMissing()
    {
        _workshop.Write("labels.tsv", "a.png\tone\n");
        Refused("say with --image", _workshop.Path);
    }

    private static IEvaluationData Open(string path) => EvaluationData.Open(path, Inputs, null, null);

    private static void Refused(string expected, string path) => Assert.Contains(expected, Assert.Throws<PackagerException>(() => Open(path)).Message);

    private string Npz(string name, int samples, int labels) => _workshop.Write(name, Bundles.Npz.Write(
    [
        new NamedArray("x", ElementType.Float32, [samples, 2], Bits.Of([.. Enumerable.Range(0, samples * 2).Select(value => (float)value)])),
        new NamedArray("labels", ElementType.Int64, [labels], Bits.Of([.. Enumerable.Range(0, labels).Select(value => (long)value)])),
    ]));
}
