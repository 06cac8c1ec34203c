using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Sessions;

/// <summary>Picks the first provider that this build has, in the target's order.</summary>
internal static class ExecutionProviders
{
    private static readonly Dictionary<string, string> OnnxNames = new(StringComparer.Ordinal)
    {
        [ExecutionOptions.Cpu] = "CPUExecutionProvider",
        ["cuda"] = "CUDAExecutionProvider",
        ["tensorrt"] = "TensorrtExecutionProvider",
        ["openvino"] = "OpenVINOExecutionProvider",
    };

    /// <summary>What runs the model, and why not what was wanted first, where it is another.</summary>
    public readonly record struct Choice(string Provider, string? FallbackReason);

    /// <exception cref="InferenceException">None is there, or the CPU would stand in unasked.</exception>
    public static Choice Choose(ExecutionOptions options)
    {
        string[] available = options.Providers is [ExecutionOptions.Cpu, ..] ? [OnnxNames[ExecutionOptions.Cpu]] : OnnxEnvironment.AvailableProviders();
        return Choose(options, available);
    }

    internal static Choice Choose(ExecutionOptions options, IReadOnlyCollection<string> available)
    {
        var missing = new List<string>();
        foreach (string provider in options.Providers)
        {
            if (!OnnxNames.TryGetValue(provider, out string? name)) throw Unknown(provider);
            bool standsIn = provider == ExecutionOptions.Cpu && missing.Count > 0;
            if (available.Contains(name) && (!standsIn || options.AllowCpuFallback)) return new Choice(provider, Reason(missing));
            if (!standsIn) missing.Add(provider);
        }
        if (options.AllowCpuFallback) return new Choice(ExecutionOptions.Cpu, Reason(missing));
        throw new InferenceException(InferenceError.ProviderUnavailable,
            $"execution provider {Quoted(missing)} is not in this build, which has {string.Join(", ", available)}; falling back to the CPU is not allowed");
    }

    /// <summary>Adds the chosen provider to a session's options; the CPU needs no word, being last in every session.</summary>
    public static void Append(SessionOptions session, string provider, ExecutionOptions options)
    {
        if (provider == ExecutionOptions.Cpu) return;
        if (!options.AllowCpuFallback) session.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
        try
        {
            AppendAccelerator(session, provider);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException(InferenceError.ProviderUnavailable, $"execution provider '{provider}' does not start: {e.Message}", e);
        }
    }

    private static void AppendAccelerator(SessionOptions session, string provider)
    {
        switch (provider)
        {
            case "cuda": session.AppendExecutionProvider_CUDA(); break;
            case "tensorrt": session.AppendExecutionProvider_Tensorrt(); break;
            case "openvino": session.AppendExecutionProvider_OpenVINO(); break;
            default: throw Unknown(provider);
        }
    }

    private static string? Reason(List<string> missing) => missing.Count == 0 ? null : $"execution provider {Quoted(missing)} is not in this build";

    private static string Quoted(List<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static InferenceException Unknown(string provider) =>
        new(InferenceError.ProviderUnavailable, $"execution provider '{provider}' is none of {string.Join(", ", OnnxNames.Keys)}");
}
