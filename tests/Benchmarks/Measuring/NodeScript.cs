using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>The peers: scripts beside this program, over onnxruntime-node as the set-up unpacked it.</summary>
internal static class NodeScript
{
    public const string Program = "node";

    private static readonly string Packages = Path.Combine(RepositoryPaths.Root, "artifacts", "npm");

    /// <summary>onnxruntime-node lies outside node_modules and looks there for what it needs.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["NODE_PATH"] = $"{Packages}:{Path.Combine(RepositoryPaths.Root, "node_modules")}",
        ["ORT_DISABLE_TELEMETRY"] = "1",
    };

    /// <summary>The ONNX Runtime library of the peer.</summary>
    public static string Library
    {
        get
        {
            var architecture = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";
            return Path.Combine(Packages, "onnxruntime-node", "bin", "napi-v6", "linux", architecture, "libonnxruntime.so.1");
        }
    }

    public static string PathOf(string name) => Path.Combine(RepositoryPaths.Root, "tests", "Benchmarks", "node", name);

    /// <summary>What a longer script prints.</summary>
    public static async Task<string> RunAsync(string name, TimeSpan deadline, params string[] arguments) =>
        (await ProcessRun.RunAsync(Program, [PathOf(name), .. arguments], deadline, Environment)).Expect().Output;

    public static TimedProcess Run(string name, params string[] arguments) => TimedProcess.Run(Program, [PathOf(name), .. arguments], Environment);
}
