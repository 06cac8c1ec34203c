namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Whether a request may leave the device.</summary>
public enum OffloadRule : byte
{
    /// <summary>auto: the device decides.</summary>
    Auto,
    /// <summary>never: it must not leave the device.</summary>
    Never,
    /// <summary>only: a server must answer it.</summary>
    Only,
}

/// <summary>Wire names of <see cref="OffloadRule"/>.</summary>
public static class OffloadRules
{
    /// <summary>The name on the wire.</summary>
    public static ReadOnlySpan<byte> WireName(this OffloadRule rule) => rule switch
    {
        OffloadRule.Never => "never"u8,
        OffloadRule.Only => "only"u8,
        _ => "auto"u8,
    };

    /// <summary>Reads a wire name.</summary>
    public static bool TryParse(ReadOnlySpan<byte> wireName, out OffloadRule rule)
    {
        for (rule = OffloadRule.Auto; rule <= OffloadRule.Only; rule++)
            if (wireName.SequenceEqual(rule.WireName())) return true;
        rule = default;
        return false;
    }
}
