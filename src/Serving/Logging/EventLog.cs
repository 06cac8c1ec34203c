using System.Globalization;
using System.Text;
using EdgeRuntime.Serving.Hosting;

namespace EdgeRuntime.Serving.Logging;

/// <summary>
/// One line an event, to a writer (standard error, so that a service manager keeps it). Texts come from this program and name models, sizes and
/// limits, never what a request held. Thread-safe.
/// </summary>
internal sealed class EventLog(TextWriter writer, LogLevel level, bool json, TimeProvider time)
{
    private readonly Lock _gate = new();

    public bool IsEnabled(LogLevel wanted) => wanted <= level;

    public void Error(string source, string text) => Write(LogLevel.Error, source, text);

    public void Warning(string source, string text) => Write(LogLevel.Warning, source, text);

    public void Info(string source, string text) => Write(LogLevel.Info, source, text);

    public void Debug(string source, string text) => Write(LogLevel.Debug, source, text);

    private void Write(LogLevel at, string source, string text)
    {
        if (!IsEnabled(at)) return;
        var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var name = at.ToString().ToLowerInvariant();
        var line = json ? Json(now, name, source, text) : $"{now} {name,-7} {source}: {text.ReplaceLineEndings("; ")}";
        lock (_gate) writer.WriteLine(line);
    }

    private static string Json(string now, string level, string source, string text) => Encoding.UTF8.GetString(JsonDocuments.Object(line =>
    {
        line.WriteString("time", now);
        line.WriteString("level", level);
        line.WriteString("source", source);
        line.WriteString("text", text);
    }).Span);
}
