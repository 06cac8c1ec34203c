namespace EdgeRuntime.Device.Degradation;

/// <summary>What a look of the slow loop came to.</summary>
internal enum ConditionEvent
{
    /// <summary>No rule caps the ladder.</summary>
    Uncapped,
    /// <summary>Some rungs may not be used.</summary>
    Limited,
    /// <summary>The smallest rung alone may.</summary>
    Exhausted,
    /// <summary>A rule is in danger although the smallest rung was taken before.</summary>
    Overwhelmed,
}
