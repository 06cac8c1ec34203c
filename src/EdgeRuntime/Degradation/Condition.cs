namespace EdgeRuntime.Device.Degradation;

/// <summary>How a device is.</summary>
internal enum Condition
{
    /// <summary>Every rung may be used.</summary>
    Normal,
    /// <summary>The best rungs may not.</summary>
    Capped,
    /// <summary>Only the smallest one may.</summary>
    Smallest,
    /// <summary>That is too much as well: what can be refused or sent elsewhere should be.</summary>
    Shedding,
}
