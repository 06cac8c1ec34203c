using System.Globalization;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>Writes numbers that decide something: rounded, two that differ could look alike.</summary>
internal static class Decimals
{
    private const int Fewest = 4, Most = 17;

    /// <summary>Two numbers with as many decimals as it takes to tell them apart.</summary>
    public static (string One, string Other) Apart(double one, double other)
    {
        for (var decimals = Fewest; decimals < Most; decimals++)
            if (Text(one, decimals) is var text && text != Text(other, decimals)) return (text, Text(other, decimals));
        return (Text(one, Most), Text(other, Most));
    }

    private static string Text(double number, int decimals) => number.ToString($"f{decimals}", CultureInfo.InvariantCulture);
}
