using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Sessions;

/// <summary>ONNX Runtime's one environment of the process: telemetry off, quiet below errors.</summary>
internal static class OnnxEnvironment
{
    private static readonly OrtEnv Environment = Create();

    /// <summary>The names of the providers that this build has, as ONNX Runtime calls them.</summary>
    public static string[] AvailableProviders() => Environment.GetAvailableProviders();

    public static void Ensure() => GC.KeepAlive(Environment);

    private static OrtEnv Create()
    {
        TelemetryOptOut.Apply();
        if (OrtEnv.IsCreated) return OrtEnv.Instance();
        var options = new EnvironmentCreationOptions { logId = "edge-runtime", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        return OrtEnv.CreateInstanceWithOptions(ref options);
    }
}
