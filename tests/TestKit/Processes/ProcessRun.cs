using System.Diagnostics;
using System.Text;

namespace EdgeRuntime.TestKit.Processes;

/// <summary>What a finished program left: its exit code and everything it printed.</summary>
public sealed record ProcessResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The result itself where the exit code is the expected one; else an exception that quotes the program.</summary>
    public ProcessResult Expect(int exitCode = 0) => ExitCode == exitCode
        ? this
        : throw new InvalidOperationException($"{Command}: exit code {ExitCode}, expected {exitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}");
}

/// <summary>Runs a program to its end, never longer than its deadline; kills it and its children when it is late.</summary>
public static class ProcessRun
{
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(60);

    public static Task<ProcessResult> RunAsync(string file, params string[] arguments) => RunAsync(file, arguments, DefaultDeadline);

    public static async Task<ProcessResult> RunAsync(string file, IEnumerable<string> arguments, TimeSpan deadline,
        IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var command = Describe(file, start.ArgumentList);
        using var late = new CancellationTokenSource(deadline);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command}: not finished after {deadline.TotalSeconds:0} s\n--- stderr\n{await error}\n--- stdout\n{await output}");
        }
        return new ProcessResult(command, process.ExitCode, await output, await error);
    }

    private static string Describe(string file, IEnumerable<string> arguments)
    {
        var line = new StringBuilder(Path.GetFileName(file));
        foreach (var argument in arguments) line.Append(' ').Append(argument.Contains(' ') ? $"'{argument}'" : argument);
        return line.ToString();
    }
}
