namespace EdgeRuntime.Packaging;

/// <summary>The input of a command cannot be used; the message names the thing, the value and the limit. Exit code 1.</summary>
internal sealed class PackagerException : Exception
{
    public PackagerException(string message) : base(message)
    {
    }

    public PackagerException(string message, Exception inner) : base(message, inner) => IsOfSamples = inner is PackagerException { IsOfSamples: true };

    /// <summary>Whether the samples are at fault, and no variant: a build ends with it, whatever else it could make.</summary>
    public bool IsOfSamples { get; init; }
}
