using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>The peer in this process: the model as anybody would load it, optimised in full, its weights in private memory.</summary>
internal sealed class PlainSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtValue _input;
    private readonly string[] _inputNames, _outputNames;

    public PlainSession(string modelPath, int threads, byte[] input, long[] shape)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(modelPath, options);
        (_inputNames, _outputNames) = ([.. _session.InputNames], [.. _session.OutputNames]);
        _input = OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<byte, float>(input).ToArray(), shape);
    }

    /// <summary>Milliseconds of one run.</summary>
    public double Run()
    {
        var start = Stopwatch.GetTimestamp();
        using var outputs = _session.Run(_options, _inputNames, [_input], _outputNames);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose()
    {
        _input.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
