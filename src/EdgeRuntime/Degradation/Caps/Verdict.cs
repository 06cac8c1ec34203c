namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>What a rule thinks of a look.</summary>
internal enum Verdict
{
    /// <summary>A better rung may be tried, once it was so for long enough.</summary>
    Well,
    /// <summary>Things should stay as they are.</summary>
    Uneasy,
    /// <summary>The device cannot go on like this, not even at its smallest rung.</summary>
    Danger,
}
