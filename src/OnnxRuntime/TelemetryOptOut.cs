using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime
{
    /// <summary>
    /// Switches the telemetry of ONNX Runtime's Linux libraries off for this process: no file under ~/.cache/Microsoft, no
    /// telemetry thread. Runs before any type of this assembly is used. The native library reads the C environment, which
    /// <c>Environment.SetEnvironmentVariable</c> does not touch; hence libc's setenv.
    /// </summary>
    public static class TelemetryOptOut
    {
        /// <summary>Idempotent; call it first where the assembly may be the NuGet package, whose module has no initializer.</summary>
#pragma warning disable CA2255 // the telemetry must be off before any caller of this library can be
        [ModuleInitializer]
#pragma warning restore CA2255
        public static void Apply()
        {
            if (!OperatingSystem.IsWindows()) _ = SetEnvironment("ORT_DISABLE_TELEMETRY", "1", 1);
        }

        [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        private static extern int SetEnvironment(string name, string value, int overwrite);
    }
}
