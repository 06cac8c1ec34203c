using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>ONNX Runtime and nothing around it: one input and one output of one shape, their memory taken once.</summary>
internal sealed class RawSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtValue[] _input, _output;
    private readonly string[] _inputNames, _outputNames;

    /// <param name="model">ONNX bytes of a model whose output has the input's shape.</param>
    /// <param name="input">Float32.</param>
    public RawSession(byte[] model, NamedArray input)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new InferenceSession(model, options);
        (_inputNames, _outputNames) = ([.. _session.InputNames], [.. _session.OutputNames]);
        var values = MemoryMarshal.Cast<byte, float>(input.Data).ToArray();
        _input = [OrtValue.CreateTensorValueFromMemory(values, input.Shape)];
        _output = [OrtValue.CreateTensorValueFromMemory(new float[values.Length], input.Shape)];
    }

    /// <summary>Milliseconds of one run.</summary>
    public double Run()
    {
        var start = Stopwatch.GetTimestamp();
        _session.Run(_options, _inputNames, _input, _outputNames, _output);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose()
    {
        foreach (var value in _input.Concat(_output)) value.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
