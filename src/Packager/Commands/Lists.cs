namespace EdgeRuntime.Packaging.Commands;

/// <summary>Values separated by commas.</summary>
internal static class Lists
{
    public static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <exception cref="UsageException">It is empty, or holds a value twice or one that is not allowed.</exception>
    public static IReadOnlyList<string> Of(string option, string text, IReadOnlyList<string>? allowed = null)
    {
        var values = Split(text);
        if (values.Length == 0) throw new UsageException($"{option} names nothing");
        foreach (var value in values)
        {
            if (allowed is not null && !allowed.Contains(value)) throw new UsageException($"{option}: '{Bundles.Identifier.Quote(value)}' is none of {string.Join(", ", allowed)}");
            if (values.Count(other => other == value) > 1) throw new UsageException($"{option}: '{Bundles.Identifier.Quote(value)}' is given twice");
        }
        return values;
    }
}
