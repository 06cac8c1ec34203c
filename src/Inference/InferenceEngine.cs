using EdgeRuntime.Inference.Sessions;

namespace EdgeRuntime.Inference;

/// <summary>
/// ONNX Runtime's start, on a thread of its own: it registers thousands of operators, which takes as long as verifying a bundle does, so that a
/// program that begins it first waits for neither. Disposing waits for the end: a process must not exit while the library starts.
/// </summary>
public sealed class InferenceEngine : IDisposable
{
    private readonly Thread _start;

    private InferenceEngine()
    {
        _start = new Thread(Start) { IsBackground = true, Name = "engine start" };
        _start.Start();
    }

    /// <summary>Begins; the first session waits for the rest.</summary>
    public static InferenceEngine BeginStart() => new();

    public void Dispose() => _start.Join();

    private static void Start()
    {
        try
        {
            OnnxEnvironment.Ensure();
        }
        catch (TypeInitializationException)
        {
            // The first session finds the same and says so where someone listens.
        }
    }
}
