using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Reporting;

/// <summary>On what a report was measured.</summary>
internal static class ThisRun
{
    private const long Gibibyte = 1 << 30;

    public static string Machine
    {
        get
        {
            var processor = Line("/proc/cpuinfo", "model name") ?? "unknown processor";
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gibibyte;
            return $"{processor}, {Environment.ProcessorCount} cores, {memory} GiB, Linux {Environment.OSVersion.Version}";
        }
    }

    /// <summary>The commit that is checked out; with <c>+</c> where files differ from it.</summary>
    public static async Task<string> CommitAsync()
    {
        var head = await ProcessRun.RunAsync("git", "-C", RepositoryPaths.Root, "rev-parse", "--short=12", "HEAD");
        var changes = await ProcessRun.RunAsync("git", "-C", RepositoryPaths.Root, "status", "--porcelain", "--untracked-files=no");
        return head.ExitCode != 0 ? "unknown" : head.Output.Trim() + (changes.Output.Length > 0 ? "+" : "");
    }

    private static string? Line(string path, string name) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
}
