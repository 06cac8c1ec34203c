using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeRuntime.Packaging.Building;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>
/// Where a command writes. Results go to standard output: lines for people, or one JSON document. Progress and errors go to standard error;
/// progress in place on a terminal, and not at all elsewhere. Thread-safe.
/// </summary>
internal sealed class CommandOutput(TextWriter output, TextWriter error, bool isTerminal) : BuildLog
{
    public const string Program = "edge-packager";
    private const int PercentSteps = 100;
    private readonly Lock _gate = new();
    private long _shown = -1;
    private string _step = "";

    public TextWriter Output => output;

    public TextWriter Errors => error;

    /// <summary>Whether standard output is for a machine: then lines for people go to standard error.</summary>
    public bool Json { get; set; }

    public bool Explains { get; set; }

    public override void Say(string line)
    {
        lock (_gate)
        {
            EndProgress_NeedsLock();
            (Json ? error : output).WriteLine(line);
        }
    }

    public override void Explain(string line)
    {
        if (Explains) Say(line);
    }

    public override void Progress(string step, long done, long total)
    {
        if (!isTerminal || total <= 0) return;
        lock (_gate)
        {
            var percent = done * PercentSteps / total;
            if (_step == step && percent == _shown) return;
            (_step, _shown) = (step, percent);
            error.Write($"\r{step}: {percent} %");
            if (done >= total) EndProgress_NeedsLock();
        }
    }

    public void Fail(string message)
    {
        lock (_gate)
        {
            EndProgress_NeedsLock();
            error.WriteLine($"{Program}: {message}");
        }
    }

    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => output.WriteLine(JsonSerializer.Serialize(value, type));

    private void EndProgress_NeedsLock()
    {
        if (_shown < 0) return;
        error.WriteLine();
        _shown = -1;
    }
}
