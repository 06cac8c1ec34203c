using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Commands;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Trials;

/// <summary>
/// Opens a model and runs it on its golden vectors in a process of its own: what crashes, hangs or takes too much memory there is gone with it,
/// and nobody who is served feels it.
/// </summary>
/// <param name="program">This program.</param>
/// <param name="configuration">What it was started with.</param>
internal sealed partial class TrialProcess(string program, string configuration)
{
    private const int Signalled = 128, MostWords = 4096;
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(30), LastWords = TimeSpan.FromSeconds(1);

    /// <summary>How long it may take; null for what its bundle's tests may.</summary>
    public TimeSpan? Patience { get; init; }

    /// <exception cref="InferenceException">It did not stand the trial: the reason, or how the process ended.</exception>
    public void Run(BundleSlot slot, InstalledBundle bundle, string variant)
    {
        var patience = Patience ?? StartUp + ModelInstaller.TestPatience(bundle.Manifest);
        using var process = Start(TryCommand.Arguments(configuration, slot, bundle.Digest, variant));
        var words = ReadAsync(process.StandardError);
        if (!process.WaitForExit(patience))
        {
            process.Kill();
            throw Failed(bundle, $"it did not end within {patience.TotalSeconds:f0} s");
        }
        if (process.ExitCode != CommandLine.Done) throw Failed(bundle, Why(process.ExitCode, words.Wait(LastWords) ? OneLine(words.GetAwaiter().GetResult()) : ""));
    }

    private static string Why(int exitCode, string said)
    {
        if (exitCode == CommandLine.Failed && said.Length > 0) return said;
        string end = exitCode > Signalled ? $"signal {exitCode - Signalled} ended it" : $"it ended with exit code {exitCode}";
        return said.Length > 0 ? $"{end}: {said}" : end;
    }

    private static string OneLine(string said) => string.Concat(ProgramName().Replace(said, "").Trim().Select(letter => char.IsControl(letter) ? ' ' : letter));

    // What a program of ours puts before what it says.
    [GeneratedRegex("^edge-[a-z]+: ", RegexOptions.Multiline)]
    private static partial Regex ProgramName();

    private Process Start(IReadOnlyList<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardInput = true })!;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            throw new InferenceException(InferenceError.ExecutionFailed, $"no process for a trial can be started: {program}: {error.Message}", error);
        }
    }

    // The first of what it says; all of it is read, or it would wait.
    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var (kept, next) = (new System.Text.StringBuilder(), new char[1024]);
        while (await reader.ReadAsync(next).ConfigureAwait(false) is > 0 and var read) kept.Append(next, 0, Math.Min(read, MostWords - kept.Length));
        return kept.ToString();
    }

    private static InferenceException Failed(InstalledBundle bundle, string why) =>
        new(InferenceError.ExecutionFailed, $"model '{bundle.Manifest.Name}' {bundle.Manifest.Version} did not stand its trial in a process of its own: {why}");
}
