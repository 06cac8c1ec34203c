using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Native;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference;

public sealed partial class RunContext
{
    private readonly nint[] _outputValues;
    private bool _outputsStale = true;
    private bool _shapesVary;
    private bool _completed;

    /// <summary>Copies a tensor into the context's own buffer of an input.</summary>
    /// <param name="index">The input's place in the manifest.</param>
    /// <param name="data">Little-endian elements, row by row; may be reused as soon as this returns.</param>
    /// <param name="shape">The dimensions, outermost first.</param>
    /// <exception cref="InferenceException">The shape or the number of bytes is not what the model takes.</exception>
    public void BindInput(int index, ReadOnlySpan<byte> data, ReadOnlySpan<long> shape)
    {
        if (TensorCheck.Explain(_inputs[index].Spec, shape, data.Length) is { } mismatch) throw mismatch;
        data.CopyTo(Reserve(index, shape, data.Length));
    }

    /// <summary>The context's own buffer of an input, to be filled in place: what it held before, then what is written.</summary>
    /// <exception cref="InferenceException">The shape is not what the model takes.</exception>
    public Span<byte> MapInput(int index, ReadOnlySpan<long> shape)
    {
        long bytes = TensorSize.Of(_inputs[index].Spec.Type, shape);
        if (TensorCheck.Explain(_inputs[index].Spec, shape, bytes) is { } mismatch) throw mismatch;
        return Reserve(index, shape, (int)bytes);
    }

    /// <summary>What is bound to an input; empty where nothing is.</summary>
    public ReadOnlySpan<byte> Input(int index) => _inputs[index].Bound;

    /// <summary>An output of the last completed run, valid until the next run.</summary>
    /// <exception cref="InferenceException">No run has completed.</exception>
    public OutputView Output(int index) => _completed
        ? _outputs[index].View()
        : throw new InferenceException(InferenceError.ExecutionFailed, $"output '{_outputs[index].Spec.Name}' is not there: no run has completed");

    private Span<byte> Reserve(int index, ReadOnlySpan<long> shape, int bytes)
    {
        if (_inputs[index].Reserve(shape, bytes)) _outputsStale = true;
        return _inputs[index].Data(bytes);
    }

    // ONNX Runtime keeps an output's tensor from run to run and refuses a run whose output has another shape. So outputs
    // are bound anew when an input's shape has changed; and before every run once a shape was seen to depend on data.
    private RunOutcome Execute_NeedsLock()
    {
        _completed = false;
        BindAll_NeedsLock();
        bool fresh = _outputsStale;
        var failure = Run_NeedsLock();
        if (failure is not null && !fresh && _guard.Ended == RunOutcome.Completed)
        {
            _outputsStale = true;
            BindAll_NeedsLock();
            failure = Run_NeedsLock();
            _shapesVary |= failure is null;
        }
        if (failure is null) return Completed_NeedsLock();
        _outputsStale = true;
        if (_guard.Ended != RunOutcome.Completed) return _guard.Ended;
        throw new InferenceException(InferenceError.ExecutionFailed, $"the model failed: {failure.Message}", failure);
    }

    private void BindAll_NeedsLock()
    {
        nint binding = _binding!.DangerousGetHandle();
        foreach (var input in _inputs) input.Bind(binding);
        if (_shapesVary) _outputsStale = true;
        if (!_outputsStale) return;
        foreach (var output in _outputs) output.Bind(binding);
    }

    private OnnxRuntimeException? Run_NeedsLock()
    {
        try
        {
            _session!.Session.RunWithBinding(_guard.Options, _binding);
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            return e;
        }
    }

    private RunOutcome Completed_NeedsLock()
    {
        if (_outputsStale)
        {
            OnnxApi.TakeOutputs(_binding!.DangerousGetHandle(), _outputValues);
            for (int i = 0; i < _outputs.Length; i++) _outputs[i].Take(_outputValues[i]);
            _outputsStale = false;
        }
        _completed = true;
        return RunOutcome.Completed;
    }
}
