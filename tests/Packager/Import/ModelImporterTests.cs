using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Import;

public sealed class ModelImporterTests
{
    [Fact]
    public void Load_MissingFile_NamesIt() => Assert.Contains("/nowhere/x.onnx: no such model", Refusal(() => ModelImporter.Load("/nowhere/x.onnx")));

    [Theory]
    [InlineData("this is text, not a model")]
    [InlineData("")]
    [InlineData("\u0008")]
    public void Read_NotOnnx_IsRefused(string text) => Assert.Contains("not an ONNX model", Refusal(() => Bits.Import(System.Text.Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Read_Opset6_NamesBothVersions()
    {
        var message = Refusal(() => Bits.Import(SmallModels.Edit(SmallModels.Plain(), model => model.OpsetImport[0].Version = 6)));
        Assert.Contains("opset 6 is older than 7", message);
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("")]
    public void Read_ExternalDataOutside_IsRefused(string location) => Assert.Contains("not a file beside the model", Refusal(() => Bits.Import(External(location))));

    [Fact]
    public void Read_ExternalDataMissing_NamesTheFile() => Assert.Contains("'absent.bin', which does not exist", Refusal(() => Bits.Import(External("absent.bin"))));

    [Fact]
    public void Load_ExternalDataTooShort_NamesBothSizes()
    {
        using var workshop = new Workshop();
        workshop.Write("short.bin", new byte[10]);
        Assert.Contains("has 10 bytes, its shape [16,64] wants 4096", Refusal(() => ModelImporter.Load(workshop.Write("model.onnx", External("short.bin")))));
    }

    [Fact]
    public void Read_ShapeAndBytesDiffer_IsRefused()
    {
        var model = SmallModels.Edit(SmallModels.Plain(), model => model.Graph.Initializer[0].Dims[0] = 17);
        Assert.Contains("has 4096 bytes, its shape [17,64] wants 4352", Refusal(() => Bits.Import(model)));
    }

    [Fact]
    public void Read_TypedFieldAndShapeDiffer_IsRefused()
    {
        var model = SmallModels.Edit(SmallModels.Plain(), model => model.Graph.Initializer.Add(new TensorProto { Name = "t", DataType = (int)DataType.Float, Dims = { 3 }, FloatData = { 1 } }));
        Assert.Contains("tensor 't' has 4 bytes, its shape [3] wants 12", Refusal(() => Bits.Import(model)));
    }

    private static string Refusal(Action action) => Assert.Throws<PackagerException>(action).Message;

    private static byte[] External(string location) => SmallModels.Edit(SmallModels.Plain(), model =>
    {
        var tensor = model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    });
}
