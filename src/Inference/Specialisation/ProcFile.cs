using System.Globalization;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>The kernel's files of lines, each a name and a number.</summary>
internal static class ProcFile
{
    /// <summary>The number behind the first line's name that is exactly <paramref name="name"/>; -1 where there is none.</summary>
    public static long Field(string path, string name)
    {
        if (!File.Exists(path)) return -1;
        foreach (string line in File.ReadLines(path))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[0] == name) return long.Parse(words[1], CultureInfo.InvariantCulture);
        }
        return -1;
    }
}
