using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Sessions;

namespace EdgeRuntime.Inference.Tests;

/// <summary>A model in a slot, without bundle and cache around it.</summary>
internal sealed class OpenModel : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _path;

    public OpenModel(byte[] model)
    {
        _path = _folder["model.onnx"];
        File.WriteAllBytes(_path, model);
        var session = SessionFactory.Open(_path, LoadMode.InMemory, Options, ExecutionOptions.Cpu);
        Inputs = SessionTensors.Inputs(session);
        Outputs = SessionTensors.Outputs(session);
        Slot = new SessionSlot(new SharedSession(session, SessionForm.Plain));
    }

    public static ExecutionOptions Options { get; } = new() { Threads = 1 };

    public IReadOnlyList<TensorSpec> Inputs { get; }

    public IReadOnlyList<TensorSpec> Outputs { get; }

    public SessionSlot Slot { get; }

    public RunContext CreateContext(TimeProvider? time = null) => new(Slot, Inputs, Outputs, time ?? TimeProvider.System);

    /// <summary>Another session of the same model.</summary>
    public SharedSession Reopen(SessionForm form = SessionForm.Specialised) =>
        new(SessionFactory.Open(_path, LoadMode.InMemory, Options, ExecutionOptions.Cpu), form);

    public static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public void Dispose()
    {
        Slot.Dispose();
        _folder.Dispose();
    }
}
