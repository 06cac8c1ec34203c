using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRuntime.Serving.Logging;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Logging;

public sealed partial class EventLogTests : IDisposable
{
    private readonly StringWriter _lines = new() { NewLine = "\n" };

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void Write_Text_TimeLevelSourceAndText()
    {
        Log(LogLevel.Info, json: false).Warning("ocr", "the queue is at its limit");
        Assert.Matches(Line(), _lines.ToString());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\u2028")]
    [InlineData("\u0085")]
    public void Write_NewlineInText_ForgesNoLine(string newline)
    {
        Log(LogLevel.Info, json: false).Info("ocr", $"a{newline}2026-01-01T00:00:00.000Z error   device: forged");
        var line = Assert.Single(_lines.ToString().TrimEnd('\n').Split('\n', '\r', '\u2028', '\u0085'));
        Assert.EndsWith("ocr: a; 2026-01-01T00:00:00.000Z error   device: forged", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Json_OneObjectALineWhateverTheTextHolds()
    {
        const string text = "a \"quoted\"\nsecond line\u0001 ö";
        Log(LogLevel.Info, json: true).Error("ocr", text);
        using var line = JsonDocument.Parse(Assert.Single(_lines.ToString().TrimEnd('\n').Split('\n')));
        Assert.Equal(("error", "ocr", text), (Member(line, "level"), Member(line, "source"), Member(line, "text")));
        Assert.True(DateTimeOffset.TryParse(Member(line, "time"), out _));
    }

    [Fact]
    public void Write_BelowTheLevel_IsLeftOut()
    {
        var log = Log(LogLevel.Warning, json: false);
        log.Info("ocr", "not wanted");
        log.Debug("ocr", "not wanted");
        log.Error("ocr", "wanted");
        Assert.Single(_lines.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Write_ManyThreads_LinesStayWhole()
    {
        var log = Log(LogLevel.Info, json: true);
        Parallel.For(0, 400, i => log.Info("ocr", new string('x', i)));
        var lines = _lines.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(400, lines.Length);
        foreach (var line in lines) JsonDocument.Parse(line).Dispose();
    }

    private EventLog Log(LogLevel level, bool json) => new(_lines, level, json, TimeProvider.System);

    private static string? Member(JsonDocument line, string name) => line.RootElement.GetProperty(name).GetString();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning ocr: the queue is at its limit\n$")]
    private static partial Regex Line();
}
