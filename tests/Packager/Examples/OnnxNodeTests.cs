using System.Globalization;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Opsets;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.Packaging.Variants;
using Google.Protobuf;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Examples;

/// <summary>ONNX's own tests of the ops that quantization is made of and that passes look at: through import, all passes before quantization, export and ONNX Runtime.</summary>
public sealed class OnnxNodeTests
{
    /// <summary>Of libonnx-testdata 1.12; a later one holds more.</summary>
    private const int FewestCovered = 580;

    private static readonly HashSet<string> Ops =
    [
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "MatMulInteger", "ConvInteger",
        .. OpsetChanges.Rewritten, "ScatterElements",
        "Identity", "Cast", "Transpose", "Concat", "Sum", "Reshape", "Flatten", "Expand", "Tile",
        "Constant", "ConstantOfShape", "Shape", "Size", "Gather", "Range", "If", "Loop",
        "Conv", "ConvTranspose", "Gemm", "MatMul", "Mul", "Div", "Add", "Sub", "Relu", "HardSwish", "HardSigmoid",
    ];

    [Fact]
    public void Tests_ThroughAllPasses_AnswerTheSame()
    {
        using var workshop = new Workshop();
        var tally = new Tally();
        foreach (var folder in NodeTest.Folders.Where(folder => NodeTest.Ops(folder).Any(Ops.Contains))) Take(folder, workshop, tally);
        Console.WriteLine(tally.Report());
        Assert.Empty(tally.Faults);
        Assert.True(tally.Covered.Count >= FewestCovered, $"{tally.Covered.Count} node tests are covered, {FewestCovered} at least are wanted\n{tally.Report()}");
    }

    private static void Take(string folder, Workshop workshop, Tally tally)
    {
        NodeTest test;
        try
        {
            test = NodeTest.Load(folder);
        }
        catch (Exception error) when (error is InvalidDataException or PackagerException or FileNotFoundException)
        {
            tally.Unrunnable.Add($"{Path.GetFileName(folder)}: {error.Message}");
            return;
        }
        Take(test, workshop, tally);
        if (test.Inputs.Count > 1) Take(test.WithWeights(), workshop, tally);
    }

    private static void Take(NodeTest test, Workshop workshop, Tally tally)
    {
        var path = workshop.Write("before.onnx", test.Model.ToByteArray());
        if ((test.Refusal ?? Fault(() => NodeAnswers.Fault(test, NodeAnswers.Of(path, test)))) is { } unrunnable)
        {
            tally.Unrunnable.Add($"{test.Name}: {unrunnable}");
            return;
        }
        if (Fault(() => FaultOfRewritten(test, workshop, tally)) is { } fault) tally.Faults.Add($"{test.Name}: {fault}");
        else tally.Covered.Add(test.Name);
    }

    private static string? FaultOfRewritten(NodeTest test, Workshop workshop, Tally tally)
    {
        var model = Bits.Import(test.Model.ToByteArray());
        IReadOnlyList<IPass> passes = [new FixInitializers(), new LiftConstants(), .. VariantLadder.Preparation];
        if (PassPipeline.Apply(model, passes, null, TimeProvider.System).Count > 0) tally.Rewritten++;
        ModelExporter.Write(model, workshop["after"]);
        return NodeAnswers.Fault(test, NodeAnswers.Of(Path.Combine(workshop["after"], ModelExporter.ModelFile), test));
    }

    private static string? Fault(Func<string?> run)
    {
        try
        {
            return run();
        }
        catch (Exception error) when (error is PackagerException or Inference.InferenceException)
        {
            return error.Message.Split('\n')[0];
        }
    }

    private sealed class Tally
    {
        public List<string> Covered { get; } = [];

        public List<string> Faults { get; } = [];

        public List<string> Unrunnable { get; } = [];

        public int Rewritten { get; set; }

        public string Report() => string.Create(CultureInfo.InvariantCulture,
            $"ONNX node tests: {Covered.Count} covered, {Covered.Count(name => name.EndsWith(NodeTest.Weights, StringComparison.Ordinal))} of them a second time with weights, {Rewritten} changed by passes; {Unrunnable.Count} left out, which ONNX Runtime does not answer rightly without us, or which have no one answer:\n  {string.Join("\n  ", Unrunnable)}");
    }
}
