using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

/// <summary>Models that tell whether requests may share a run.</summary>
public static partial class TestModels
{
    /// <summary>Float32 <c>y = softmax(x[rows, columns])</c> over the rows: each row depends on all others.</summary>
    public static byte[] SoftmaxOverRows()
    {
        var builder = new ModelBuilder("softmax-over-rows", 1);
        builder.Input("x", DataType.Float, -1, -1);
        builder.Node("Softmax", ["x"], "y", ("axis", 0));
        builder.Output("y", DataType.Float, -1, -1);
        return builder.Build();
    }

    /// <summary>Int64 <c>x[n, 1] -> y[n, 1, 8]</c>: rows of a table; an index outside it fails the run.</summary>
    public static byte[] Lookup(int rows)
    {
        var builder = new ModelBuilder("lookup", 1);
        builder.Input("x", DataType.Int64, -1, 1);
        builder.Node("Gather", [builder.Weights(1, rows, 8), "x"], "y", ("axis", 0));
        builder.Output("y", DataType.Float, -1, 1, 8);
        return builder.Build();
    }
}
