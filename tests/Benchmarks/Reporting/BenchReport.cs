using System.Text.Json;

namespace EdgeRuntime.Benchmarks.Reporting;

/// <summary>The figures of one bench, in the order in which they were measured.</summary>
internal sealed class BenchReport(string bench, string commit, string machine)
{
    private readonly List<Figure> _figures = [];

    public string Bench => bench;

    public string Commit => commit;

    public string Machine => machine;

    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Whether a part could not be measured at all; its figures are there, without a value.</summary>
    public bool IsIncomplete { get; set; }

    public void Add(Figure figure) => _figures.Add(figure);

    /// <summary><c>{"bench", "commit", "machine", "figures": [{"id", "value", "unit", "goal", "peer", "peerValue", "samples", "note"}]}</c></summary>
    public void WriteJson(string path)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("bench", bench);
        json.WriteString("commit", commit);
        json.WriteString("machine", machine);
        json.WriteStartArray("figures");
        foreach (var figure in _figures) Write(json, figure);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Figure figure)
    {
        json.WriteStartObject();
        json.WriteString("id", figure.Id);
        Number(json, "value", figure.Value);
        json.WriteString("unit", figure.Unit);
        Number(json, "goal", figure.Goal?.Limit);
        json.WriteString("peer", figure.Peer);
        Number(json, "peerValue", figure.PeerValue);
        json.WriteNumber("samples", figure.Samples);
        if (figure.Note is not null) json.WriteString("note", figure.Note);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, Math.Round(number, 4));
        else json.WriteNull(name);
    }
}
