namespace EdgeRuntime.Serving.Scheduling;

/// <summary>Why a queue does not take a request.</summary>
internal enum QueueRefusal
{
    None,

    /// <summary>It takes no more at all.</summary>
    Closed,

    /// <summary>As many wait as may, and none of lower rank is among them.</summary>
    Full,

    /// <summary>Its answer would come after its deadline.</summary>
    TooLate,

    /// <summary>It would be in time, and its client has its share already: such are promised only where others may still overtake them.</summary>
    OverShare,

    /// <summary>It would be in time, and would make one late that was accepted before it.</summary>
    DelaysAnother,

    /// <summary>So many are ahead of it that the model's latency target would be missed.</summary>
    OverTarget,
}
