using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Sessions;

namespace EdgeRuntime.Inference;

/// <summary>
/// An ordinary ONNX model opened from its file, without a bundle around it: for whoever makes, measures and compares models.
/// Thread-safe; each worker has a context of its own.
/// </summary>
public sealed class PlainModel : IDisposable
{
    private readonly SessionSlot _slot;

    private PlainModel(SessionSlot slot, IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs) =>
        (_slot, Inputs, Outputs) = (slot, inputs, outputs);

    /// <summary>What the model itself says of its inputs; -1 for sizes that may vary.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>What the model itself says of its outputs.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Opens a model on the first of the options' providers that is there.</summary>
    /// <param name="path">The file; external data lies beside it.</param>
    /// <param name="options">On what it runs.</param>
    /// <param name="mapped">Whether weights stay in the file's pages, as when a device serves it first; else the fastest form in private memory.</param>
    /// <param name="tensorsOnly">Whether outputs that are no tensors are left out; else they are refused.</param>
    /// <exception cref="InferenceException">It is no model that this build can run, or takes or gives something other than tensors.</exception>
    public static PlainModel Open(string path, ExecutionOptions options, bool mapped = false, bool tensorsOnly = false)
    {
        var session = SessionFactory.Open(path, mapped ? LoadMode.Mapped : LoadMode.InMemory, options, ExecutionProviders.Choose(options).Provider);
        var slot = new SessionSlot(new SharedSession(session, SessionForm.Plain));
        try
        {
            return new PlainModel(slot, SessionTensors.Inputs(session), tensorsOnly ? SessionTensors.TensorOutputs(session) : SessionTensors.Outputs(session));
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    /// <summary>Writes the graph that a model would be run as, everything that ONNX Runtime rewrites at load included: for whoever wants to see what became of it.</summary>
    /// <param name="path">The file; external data lies beside it.</param>
    /// <param name="options">On what it would run.</param>
    /// <param name="optimised">The file to write; weights go to one of the same name with <c>.data</c> behind it.</param>
    /// <exception cref="InferenceException">It is no model that this build can run.</exception>
    public static void WriteOptimised(string path, ExecutionOptions options, string optimised) =>
        SessionFactory.Open(path, LoadMode.InMemory, options, ExecutionProviders.Choose(options).Provider, session =>
        {
            session.OptimizedModelFilePath = optimised;
            session.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", Path.GetFileName(optimised) + ".data");
            session.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
        }).Dispose();

    /// <summary>A way to run it, for one worker.</summary>
    public RunContext CreateContext(TimeProvider? time = null) => new(_slot, Inputs, Outputs, time ?? TimeProvider.System);

    /// <summary>Frees the session when no context runs on it any more.</summary>
    public void Dispose() => _slot.Dispose();
}
