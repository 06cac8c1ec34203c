namespace EdgeRuntime.Packaging;

/// <summary>The input of a command cannot be used; the message names the thing, the value and the limit. Exit code 1.</summary>
internal sealed class PackagerException : Exception
{
    public PackagerException(string message) : base(message)
    {
    }

    public PackagerException(string message, Exception inner) : base(message, inner)
    {
    }
}
