using System.Text;

namespace EdgeRuntime.Inference;

/// <summary>The names of a model's classes, kept as UTF-8. Immutable.</summary>
public sealed class Labels
{
    private const int MaximumCount = 1 << 20;
    private const long MaximumBytes = 16 << 20;

    private readonly byte[] _text;
    private readonly int[] _starts;

    private Labels(byte[] text, int[] starts) => (_text, _starts) = (text, starts);

    /// <summary>How many there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The name of a class, as UTF-8.</summary>
    public ReadOnlySpan<byte> this[int index] => _text.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>Reads a file of one label a line, the first line being class 0. Only the line ends are taken off.</summary>
    /// <exception cref="InferenceException">It is too large, or not UTF-8.</exception>
    public static Labels Load(string path)
    {
        long size = new FileInfo(path).Length;
        if (size > MaximumBytes) throw Invalid($"file '{path}' has {size} bytes, over the limit of {MaximumBytes}");
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Labels from memory, in order.</summary>
    public static Labels Of(IEnumerable<string> labels)
    {
        var text = new MemoryStream();
        var starts = new List<int> { 0 };
        foreach (string label in labels)
        {
            text.Write(Encoding.UTF8.GetBytes(label));
            starts.Add((int)text.Length);
        }
        return new Labels(text.ToArray(), [.. starts]);
    }

    /// <summary>Reads the bytes of such a file; <paramref name="name"/> is for the message of an error.</summary>
    /// <exception cref="InferenceException">It is too large, or not UTF-8.</exception>
    public static Labels Parse(ReadOnlySpan<byte> file, string name = "labels")
    {
        if (file.StartsWith(Encoding.UTF8.Preamble)) file = file[Encoding.UTF8.Preamble.Length..];
        if (!System.Text.Unicode.Utf8.IsValid(file)) throw Invalid($"file '{name}' is not UTF-8");
        var text = new MemoryStream(file.Length);
        var starts = new List<int> { 0 };
        while (!file.IsEmpty)
        {
            int end = file.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? [] : file[(end + 1)..];
            text.Write(line.EndsWith("\r"u8) ? line[..^1] : line);
            starts.Add((int)text.Length);
            if (starts.Count > MaximumCount) throw Invalid($"file '{name}' has more than {MaximumCount} labels");
        }
        return new Labels(text.ToArray(), [.. starts]);
    }

    private static InferenceException Invalid(string what) => new(InferenceError.ModelInvalid, $"the labels' {what}");
}
