namespace EdgeRuntime.Messaging;

/// <summary>Names of fleets, devices, servers, pools, models and clients in topics: <c>[a-z0-9][a-z0-9._-]{0,63}</c>.</summary>
internal static class TopicIdentifier
{
    internal const int MaximumLength = 64;

    internal static bool IsValid(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaximumLength || !IsLetterOrDigit(name[0])) return false;
        foreach (var b in name[1..])
        {
            if (!IsLetterOrDigit(b) && b is not ((byte)'.' or (byte)'_' or (byte)'-')) return false;
        }

        return true;
    }

    internal static string Require(string name, string whatItIs)
    {
        if (name.Length is > 0 and <= MaximumLength && IsLetterOrDigit(name[0]) && name.All(c => IsLetterOrDigit(c) || c is '.' or '_' or '-')) return name;
        throw new ArgumentException($"{whatItIs} '{name}' is not of the form [a-z0-9][a-z0-9._-]{{0,63}}");
    }

    private static bool IsLetterOrDigit(int c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
}
