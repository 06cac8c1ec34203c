using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Sessions;

/// <summary>Turns a model file into a session. The one place that sets session options.</summary>
internal static class SessionFactory
{
    /// <summary>The session of a file, on a provider that has already been chosen.</summary>
    /// <exception cref="InferenceException">The file is no model that this build can run.</exception>
    public static InferenceSession Open(string modelPath, LoadMode mode, ExecutionOptions options, string provider, Action<SessionOptions>? more = null)
    {
        OnnxEnvironment.Ensure();
        using var session = CreateOptions(mode, options, provider);
        try
        {
            more?.Invoke(session);
            return new InferenceSession(modelPath, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException(InferenceError.ModelInvalid, $"model '{modelPath}' cannot be opened ({mode}, {provider}): {e.Message}", e);
        }
    }

    private static SessionOptions CreateOptions(LoadMode mode, ExecutionOptions options, string provider)
    {
        var session = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // errors come as exceptions; on stderr they would tell of requests
            GraphOptimizationLevel = Level(mode),
            IntraOpNumThreads = options.EffectiveThreads,
            InterOpNumThreads = 1,
            // Measured (ADR 0004): the arena is faster and smaller for runs, but wastes half as much again on private weights.
            EnableCpuMemArena = mode != LoadMode.InMemory,
            EnableMemoryPattern = false, // one block per shape that is seen, kept for ever
        };
        string spin = options.Spin ? "1" : "0";
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", spin);
        session.AddSessionConfigEntry("session.inter_op.allow_spinning", spin);
        if (mode is LoadMode.Mapped or LoadMode.Specialised) session.AddSessionConfigEntry("session.disable_prepacking", "1");
        BindThreads(session, options);
        ExecutionProviders.Append(session, provider, options);
        return session;
    }

    private static GraphOptimizationLevel Level(LoadMode mode) => mode switch
    {
        LoadMode.Mapped => GraphOptimizationLevel.ORT_ENABLE_EXTENDED, // one level up reorders the weights of convolutions
        LoadMode.InMemory => GraphOptimizationLevel.ORT_ENABLE_ALL,
        _ => GraphOptimizationLevel.ORT_DISABLE_ALL,
    };

    // The entry names the pool's own threads, of which there are one fewer than take part: the caller's thread is the
    // other. CPUs are counted from 1 there.
    private static void BindThreads(SessionOptions session, ExecutionOptions options)
    {
        int pool = options.EffectiveThreads - 1;
        if (options.Cpus.Count == 0 || pool == 0) return;
        var cpus = Enumerable.Range(1, pool).Select(thread => options.Cpus[thread % options.Cpus.Count] + 1);
        session.AddSessionConfigEntry("session.intra_op_thread_affinities",
            string.Join(';', cpus.Select(cpu => cpu.ToString(CultureInfo.InvariantCulture))));
    }
}
