namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>A tensor as the test server has it: row-major, little-endian; BYTES with lengths.</summary>
internal sealed record TestTensor(string Name, string Type, long[] Shape, byte[] Data)
{
    public static readonly string[] Types = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BF16", "BYTES"];

    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    public static int SizeOf(string type) => type switch
    {
        "BOOL" or "UINT8" or "INT8" => 1,
        "UINT16" or "INT16" or "FP16" or "BF16" => 2,
        "UINT32" or "INT32" or "FP32" => 4,
        "UINT64" or "INT64" or "FP64" => 8,
        _ => 0,
    };
}

/// <summary>A request as the test server understood it.</summary>
internal sealed record SeenRequest(string Model, string Version, string Id, Dictionary<string, object> Parameters, List<TestTensor> Inputs, List<SeenOutput> Outputs, bool Sections);

/// <summary>An output that was asked for, with its parameters.</summary>
internal sealed record SeenOutput(string Name, Dictionary<string, object> Parameters);

/// <summary>What the test server answers.</summary>
internal sealed record TestAnswer(string Model, string Version, string Id, List<TestTensor> Outputs);

/// <summary>What the test server refuses, with HTTP's code for it.</summary>
internal sealed class TestRefusal(int code, string message) : Exception(message)
{
    public int Code => code;
}
