namespace EdgeRuntime.Packaging.Commands;

/// <summary>What a shell sees.</summary>
internal static class ExitCode
{
    public const int Done = 0, Refused = 1, WrongUsage = 2;
}
