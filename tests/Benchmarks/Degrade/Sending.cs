namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>A request on its way to the server and back.</summary>
internal sealed class Sending
{
    public required SimRequest Request { get; init; }
    public required bool HasFallback { get; init; }
    public required double Sent { get; init; }

    /// <summary>Bytes of others that were on their way.</summary>
    public required double Ahead { get; init; }

    /// <summary>When the answer will be here; infinity where none will. The truth, for the world and the oracle.</summary>
    public required double Arrives { get; init; }

    /// <summary>Seconds of it that the server takes.</summary>
    public required double AtTheServer { get; init; }

    /// <summary>Whether the answer will be a refusal.</summary>
    public required bool IsRefusal { get; init; }

    /// <summary>What the policy had expected of the server.</summary>
    public double Promised { get; set; }

    /// <summary>Whether it was noticed that it takes too long.</summary>
    public bool IsLate { get; set; }

    public bool IsOver { get; set; }
}
