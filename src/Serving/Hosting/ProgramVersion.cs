using System.Reflection;

namespace EdgeRuntime.Serving.Hosting;

/// <summary>The version that this program was built as.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
