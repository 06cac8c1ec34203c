using System.Buffers.Binary;
using System.Text;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>The models of the test server, and what the specification has it answer, whatever brings the request.</summary>
internal static class ServedModels
{
    public const string Echo = "echo", Pair = "pair", Any = "any", Cold = "cold";

    public static readonly string[] Versions = ["1", "3"];

    public static (string Name, string Type, long[] Shape)[] Inputs(string model) => model switch
    {
        Echo or Cold => [("x", "FP32", [-1, 4])],
        Pair => [("a", "INT32", [-1]), ("b", "INT32", [-1])],
        _ => [],
    };

    public static (string Name, string Type, long[] Shape)[] Outputs(string model) => model switch
    {
        Echo or Cold => [("y", "FP32", [-1, 4])],
        Pair => [("sum", "INT32", [-1]), ("difference", "INT32", [-1])],
        _ => [],
    };

    /// <exception cref="TestRefusal">There is no such model or version.</exception>
    public static void Find(string model, string version)
    {
        if (model is not (Echo or Pair or Any or Cold)) throw new TestRefusal(404, $"no model '{model}'");
        if (version.Length > 0 && !Versions.Contains(version)) throw new TestRefusal(404, $"model '{model}' has no version '{version}'");
    }

    /// <exception cref="TestRefusal">The request does not fit the model.</exception>
    public static TestAnswer Run(SeenRequest request)
    {
        Find(request.Model, request.Version);
        if (request.Model == Cold) throw new TestRefusal(503, "model 'cold' is being loaded");
        foreach (var input in request.Inputs) Check(input);
        if (request.Model != Any) Match(request);
        var outputs = Compute(request);
        foreach (var asked in request.Outputs)
            if (outputs.All(output => output.Name != asked.Name)) throw new TestRefusal(400, $"model '{request.Model}' has no output '{asked.Name}'");
        if (request.Outputs.Count > 0) outputs = [.. request.Outputs.Select(asked => outputs.First(output => output.Name == asked.Name))];
        return new TestAnswer(request.Model, request.Version.Length > 0 ? request.Version : Versions[^1], request.Id, outputs);
    }

    private static void Check(TestTensor tensor)
    {
        var size = TestTensor.SizeOf(tensor.Type);
        if (!TestTensor.Types.Contains(tensor.Type)) throw new TestRefusal(400, $"datatype '{tensor.Type}' is unknown");
        if (size > 0 && tensor.Data.Length != tensor.Elements * size) throw new TestRefusal(400, $"input '{tensor.Name}' has {tensor.Data.Length} bytes for {tensor.Elements} elements");
    }

    private static void Match(SeenRequest request)
    {
        var expected = Inputs(request.Model);
        if (request.Inputs.Count != expected.Length) throw new TestRefusal(400, $"model '{request.Model}' takes {expected.Length} inputs, not {request.Inputs.Count}");
        foreach (var (name, type, shape) in expected)
        {
            var input = request.Inputs.FirstOrDefault(input => input.Name == name) ?? throw new TestRefusal(400, $"input '{name}' is missing");
            if (input.Type != type) throw new TestRefusal(400, $"input '{name}' is {input.Type}, not {type}");
            if (input.Shape.Length != shape.Length || input.Shape.Zip(shape).Any(pair => pair.Second >= 0 && pair.First != pair.Second))
                throw new TestRefusal(400, $"input '{name}' has the shape [{string.Join(',', input.Shape)}], not [{string.Join(',', shape)}]");
        }
    }

    private static List<TestTensor> Compute(SeenRequest request) => request.Model switch
    {
        Pair => [Combine(request, "sum", (a, b) => a + b), Combine(request, "difference", (a, b) => a - b)],
        Any => [.. request.Inputs.Select(input => input with { Name = input.Name == "x" ? "y" : input.Name + "'" })],
        _ => [request.Inputs[0] with { Name = "y" }],
    };

    private static TestTensor Combine(SeenRequest request, string name, Func<int, int, int> combine)
    {
        TestTensor a = request.Inputs.First(input => input.Name == "a"), b = request.Inputs.First(input => input.Name == "b");
        var data = new byte[a.Data.Length];
        for (var i = 0; i < data.Length; i += sizeof(int))
            BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(i), combine(BinaryPrimitives.ReadInt32LittleEndian(a.Data.AsSpan(i)), BinaryPrimitives.ReadInt32LittleEndian(b.Data.AsSpan(i))));
        return a with { Name = name, Data = data };
    }

    /// <summary>The answer to something else.</summary>
    public static TestAnswer Twist(TestAnswer answer, Trouble trouble) => trouble switch
    {
        Trouble.OtherModel => answer with { Model = "another" },
        Trouble.OtherVersion => answer with { Version = "2" },
        Trouble.OtherId => answer with { Id = "another" },
        Trouble.OtherDataType => answer with { Outputs = [.. answer.Outputs.Select(output => output with { Type = "INT32" })] },
        Trouble.UnknownDataType => answer with { Outputs = [.. answer.Outputs.Select(output => output with { Type = "FP8" })] },
        Trouble.OtherShape => answer with { Outputs = [.. answer.Outputs.Select(output => output with { Shape = [output.Elements] })] },
        Trouble.MissingOutput => answer with { Outputs = [] },
        Trouble.TwiceTheOutput => answer with { Outputs = [.. answer.Outputs, .. answer.Outputs] },
        Trouble.WrongLength => answer with { Outputs = [.. answer.Outputs.Select(output => output with { Data = output.Data[..^1] })] },
        _ => answer,
    };

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
