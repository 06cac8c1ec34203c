using System.Diagnostics;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>A program from exec to exit, its answer read; and from exec to the answer's line.</summary>
internal readonly record struct TimedProcess(string Output, double Milliseconds, double AnswerMilliseconds, double CpuMilliseconds)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <exception cref="InvalidOperationException">It failed; the message quotes it.</exception>
    public static TimedProcess Run(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var cpuBefore = ChildTime.Milliseconds();
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        using var late = new Timer(_ => process.Kill(entireProcessTree: true), null, Deadline, Timeout.InfiniteTimeSpan);
        var answer = process.StandardOutput.ReadLine();
        var answered = Stopwatch.GetElapsedTime(begin);
        var output = $"{answer}\n{process.StandardOutput.ReadToEnd()}";
        process.WaitForExit();
        var elapsed = Stopwatch.GetElapsedTime(begin);
        if (process.ExitCode == 0) return new TimedProcess(output, elapsed.TotalMilliseconds, answered.TotalMilliseconds, ChildTime.Milliseconds() - cpuBefore);
        throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{process.StandardError.ReadToEnd()}");
    }
}
