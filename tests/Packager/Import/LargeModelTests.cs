using System.Globalization;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Processes;
using Google.Protobuf;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Import;

/// <summary>Models above protobuf's 2 GiB: their weights stream from file to file, holes stay holes.</summary>
public sealed class LargeModelTests
{
    private const long Rows = 2_250_000, Columns = 250, Marked = Rows - 3;
    private const long Bytes = Rows * Columns * sizeof(float);

    [Fact]
    public async Task Export_ModelOver2GB_KeepsEveryWeightAndTakesNoDisk()
    {
        using var workshop = new Workshop();
        var source = Table(workshop);
        var model = ModelImporter.Load(source);
        PassPipeline.Apply(model, [new CheckWeights(), new LiftConstants()], stopAfter: null, TimeProvider.System);
        var memory = GC.GetAllocatedBytesForCurrentThread(); // export stays on it, and other tests run beside
        var exported = Bits.Export(model, workshop["variant"]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - memory, 0, 64 << 20);

        var weights = workshop["variant", "weights.bin"];
        Assert.Equal(Bytes, new FileInfo(weights).Length);
        Assert.InRange(await DiskBytes(weights), 0, 16 << 20);
        Assert.Equal(Row(source), Row(exported));
        Assert.Equal(7.5f, BitConverter.ToSingle(Row(exported)));
    }

    /// <summary>y = table[index], the table of 2.25 GB all zeros but for one row near its end.</summary>
    private static string Table(Workshop workshop)
    {
        using (var file = File.Create(workshop["table.bin"]))
        {
            file.SetLength(Bytes);
            file.Position = Marked * Columns * sizeof(float);
            file.Write(BitConverter.GetBytes(7.5f));
        }
        var graph = new GraphBuilder("large");
        graph.Input("index", DataType.Int64, 1);
        graph.Node("Gather", ["table", "index"], "y");
        graph.Output("y", DataType.Float, 1, Columns);
        return workshop.Write("model.onnx", SmallModels.Edit(graph.Build(), model => model.Graph.Initializer.Add(new TensorProto
        {
            Name = "table",
            DataType = (int)DataType.Float,
            Dims = { Rows, Columns },
            DataLocation = DataLocation.External,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = "table.bin" } },
        })));
    }

    private static byte[] Row(string path)
    {
        using var model = PlainModel.Open(path, new ExecutionOptions { Threads = 1 }, mapped: true);
        using var context = model.CreateContext();
        SampleRun.On(context, model, new Sample("row", [new NamedArray("index", ElementType.Int64, [1], Bits.Of(Marked))], default), default);
        return SampleRun.Outputs(context, model)[0].Data;
    }

    private static async Task<long> DiskBytes(string path)
    {
        var stat = (await ProcessRun.RunAsync("stat", "-c", "%b %B", path)).Expect().Output.Split(' ');
        return long.Parse(stat[0], CultureInfo.InvariantCulture) * long.Parse(stat[1], CultureInfo.InvariantCulture);
    }
}
