namespace EdgeRuntime.Packaging;

/// <summary>A command was called in a way that cannot be meant; the message names the option, the value and what is allowed. Exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
