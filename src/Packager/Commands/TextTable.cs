namespace EdgeRuntime.Packaging.Commands;

/// <summary>Rows of cells in columns as wide as their widest cell.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0) yield break;
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) yield return string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }
}
