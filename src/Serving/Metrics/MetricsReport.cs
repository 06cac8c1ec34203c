using System.Buffers;
using System.Text.Json;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>
/// The periodic document of a device: totals since its start, rates and quantiles since the last one. Format: docs/formats/device.md. Keeps its
/// buffers. One thread.
/// </summary>
internal sealed class MetricsReport : IDisposable
{
    private readonly DeviceMetrics _metrics;
    private readonly string _device, _bootId;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly List<ModelWindow> _models = [];
    private long _since;
    private TimeSpan _cpuBefore;

    public MetricsReport(DeviceMetrics metrics, string device, string bootId, TimeProvider time)
    {
        (_metrics, _device, _bootId, _time) = (metrics, device, bootId, time);
        _json = new Utf8JsonWriter(_buffer);
        _since = time.GetTimestamp();
        _cpuBefore = Environment.CpuUsage.TotalTime;
    }

    /// <summary>Ends the window and gives its document, which is valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        long now = _time.GetTimestamp();
        var window = _time.GetElapsedTime(_since, now);
        _since = now;
        Follow();
        foreach (var model in _models) model.Roll();
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        Write(window);
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    private void Follow()
    {
        var models = _metrics.Models;
        for (int i = _models.Count; i < models.Count; i++) _models.Add(new ModelWindow(models[i]));
    }

    private void Write(TimeSpan window)
    {
        _json.WriteStartObject();
        _json.WriteString("device"u8, _device);
        _json.WriteString("boot"u8, _bootId);
        _json.WriteNumber("uptimeSeconds"u8, (long)(_time.GetUtcNow() - _metrics.Started).TotalSeconds);
        _json.WriteNumber("windowMs"u8, (long)window.TotalMilliseconds);
        Process(window);
        Link();
        _json.WriteStartArray("models"u8);
        foreach (var model in _models) model.Write(_json, window);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void Process(TimeSpan window)
    {
        var facts = ProcessFacts.Read();
        _json.WriteStartObject("process"u8);
        _json.WriteNumber("cpu"u8, window > TimeSpan.Zero ? Math.Round((facts.Cpu - _cpuBefore) / window, 3) : 0);
        _json.WriteNumber("anonymousBytes"u8, facts.AnonymousBytes);
        _json.WriteNumber("fileBytes"u8, facts.FileBytes);
        _json.WriteNumber("handles"u8, facts.Handles);
        _json.WriteNumber("threads"u8, facts.Threads);
        _json.WriteEndObject();
        _cpuBefore = facts.Cpu;
    }

    private void Link()
    {
        if (_metrics.Link is not { } link) return;
        var counters = link.Counters;
        _json.WriteStartObject("link"u8);
        _json.WriteNumber("connects"u8, counters.Connects);
        _json.WriteNumber("in"u8, counters.Received);
        _json.WriteNumber("out"u8, counters.Sent);
        _json.WriteNumber("answersLost"u8, _metrics.AnswersLost?.Invoke() ?? 0);
        _json.WriteEndObject();
    }
}
