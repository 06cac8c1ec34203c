using System.Diagnostics;
using System.Globalization;
using EdgeRuntime.Benchmarks.Measuring;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>onnxruntime-node with the model loaded, that runs once for every line it is sent. Owns the process.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private NodePeer(Process process) => _process = process;

    public static async Task<NodePeer> StartAsync(BenchRun run, LargeModel model)
    {
        var input = Path.Combine(run.Scratch, $"{model.Name}.f32");
        await File.WriteAllBytesAsync(input, model.Input.Data);
        var start = new ProcessStartInfo(NodeScript.Program,
            [NodeScript.PathOf("latency.mjs"), model.ModelPath, input, string.Join(',', model.Input.Shape), BenchRun.Threads.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in NodeScript.Environment) start.Environment[name] = value;
        var peer = new NodePeer(Process.Start(start) ?? throw new InvalidOperationException("node did not start"));
        await peer.RunAsync();
        return peer;
    }

    /// <summary>Milliseconds of one run, by its own clock.</summary>
    public async Task<double> RunAsync()
    {
        await _process.StandardInput.WriteLineAsync("run");
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        return double.Parse(line ?? throw new InvalidOperationException("node ended"), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
