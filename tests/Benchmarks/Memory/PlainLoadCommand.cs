using System.CommandLine;

namespace EdgeRuntime.Benchmarks.Memory;

internal static class PlainLoadCommand
{
    public static Command Create() => new("plain-load") { Hidden = true };
}
