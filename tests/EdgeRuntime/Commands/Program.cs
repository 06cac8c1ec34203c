using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Device.Tests.Commands;

/// <summary>edge-runtime as a person calls it: a process, its exit code and what it prints.</summary>
internal static class Program
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "edge-runtime");

    public static Task<ProcessResult> RunAsync(params string[] arguments) => ProcessRun.RunAsync(File, arguments);
}
