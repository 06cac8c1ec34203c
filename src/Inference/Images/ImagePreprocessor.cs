using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Images;
using EdgeRuntime.Inference.Sessions;

namespace EdgeRuntime.Inference;

/// <summary>
/// Turns one encoded image into the tensor that the model takes, by the bundle's own graph. Not thread-safe: each worker has
/// its own, over one session.
/// </summary>
public sealed class ImagePreprocessor : IDisposable
{
    private const string ExtensionsLibrary = "libortextensions.so";

    private readonly Shared _shared;
    private readonly RunContext _context;
    private readonly long[] _shape = new long[1];
    private bool _disposed;

    private ImagePreprocessor(Shared shared)
    {
        _shared = shared;
        _context = new RunContext(shared.Slot, shared.Inputs, shared.Outputs, shared.Time);
    }

    /// <summary>Opens a preprocessing graph: <c>uint8[n]</c> in, one tensor out.</summary>
    /// <param name="modelPath">The graph, of a verified bundle.</param>
    /// <param name="limits">What an image may state; null for the defaults.</param>
    /// <param name="time">The clock of deadlines; null for the system's.</param>
    /// <exception cref="InferenceException">It is no such graph.</exception>
    public static ImagePreprocessor Open(string modelPath, ImageLimits? limits = null, TimeProvider? time = null)
    {
        // One image is small work: more threads would only take from the models.
        var session = SessionFactory.Open(modelPath, LoadMode.InMemory, new ExecutionOptions { Threads = 1 }, ExecutionOptions.Cpu,
            options => options.RegisterCustomOpLibrary(OwnLibrary()));
        var slot = new SessionSlot(new SharedSession(session, SessionForm.Plain));
        try
        {
            return new ImagePreprocessor(new Shared(slot, limits ?? new ImageLimits(), time ?? TimeProvider.System,
                SessionTensors.Inputs(session), SessionTensors.Outputs(session)).Checked(modelPath));
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    /// <summary>What comes out.</summary>
    public TensorSpec Output => _shared.Outputs[0];

    /// <summary>Another one over the same session, for another worker.</summary>
    public ImagePreprocessor Fork()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _shared.Acquire();
        return new ImagePreprocessor(_shared);
    }

    /// <summary>The tensor of an image; valid until the next run.</summary>
    /// <param name="encoded">A JPEG or PNG, from anyone.</param>
    /// <exception cref="InferenceException">The image is refused before, or fails while, it is decoded.</exception>
    public OutputView Run(ReadOnlySpan<byte> encoded)
    {
        if (ImageCheck.Explain(encoded, _shared.Limits) is { } refusal) throw refusal;
        _shape[0] = encoded.Length;
        _context.BindInput(0, encoded, _shape);
        try
        {
            _context.Run();
        }
        catch (InferenceException e) when (e.Error == InferenceError.ExecutionFailed)
        {
            throw new InferenceException(InferenceError.ImageRefused, $"the image cannot be decoded: {e.InnerException?.Message ?? e.Message}", e);
        }
        return _context.Output(0);
    }

    /// <summary>Frees this one's buffers, and the session with the last.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _context.Dispose();
        _shared.Release();
    }

    // Beside the executable, by its full path, and nowhere else: a library from a bundle or from LD_LIBRARY_PATH is code.
    private static string OwnLibrary()
    {
        string path = Path.Combine(AppContext.BaseDirectory, ExtensionsLibrary);
        return File.Exists(path) ? path : throw new InferenceException(InferenceError.ModelInvalid, $"the library '{path}' is missing, and images need it");
    }

    private sealed record Shared(SessionSlot Slot, ImageLimits Limits, TimeProvider Time, IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs)
    {
        private int _users = 1;

        public Shared Checked(string modelPath) => Inputs is [{ Type: ElementType.UInt8, Shape.Count: 1 }] && Outputs.Count == 1
            ? this
            : throw new InferenceException(InferenceError.ModelInvalid, $"'{modelPath}' does not take one uint8[n] and give one tensor");

        public void Acquire() => Interlocked.Increment(ref _users);

        public void Release()
        {
            if (Interlocked.Decrement(ref _users) == 0) Slot.Dispose();
        }
    }
}
