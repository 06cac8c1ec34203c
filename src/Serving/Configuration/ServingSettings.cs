using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Configuration;

/// <summary>What the configuration of a device or a server says of serving, validated; paths are absolute. Immutable.</summary>
internal sealed record ServingSettings
{
    /// <summary>The file that says it; null where none does.</summary>
    public string? File { get; init; }
    /// <summary>The program that was started with it, which tries models in processes of their own; null for no trials.</summary>
    public string? Program { get; init; }
    public required string Fleet { get; init; }
    /// <summary>What it is: <c>device</c> or <c>server</c>, as its configuration calls it.</summary>
    public required string Role { get; init; }
    /// <summary>By which topics and the broker know it.</summary>
    public required string Name { get; init; }
    /// <summary>Role and name, for texts.</summary>
    public string Who => $"{Role} '{Name}'";
    /// <summary>ROOT: bundles, cache and state.</summary>
    public required string Root { get; init; }
    public required Target Target { get; init; }
    /// <summary>Null where it is reached over HTTP alone.</summary>
    public required BrokerSettings? Broker { get; init; }
    public required IReadOnlyList<ModelSettings> Models { get; init; }
    /// <summary>Null only where no bundle is served.</summary>
    public required TrustPolicy? Trust { get; init; }
    /// <summary>Null where HTTP is off.</summary>
    public HttpSettings? Http { get; init; }
    public required LimitSettings Limits { get; init; }
    public required LogSettings Log { get; init; }
    public MetricsSettings Metrics { get; init; } = new();
    public TracingSettings Tracing { get; init; } = new();
}

/// <summary>How the broker is reached.</summary>
internal sealed record BrokerSettings
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    /// <summary>In place of host and port.</summary>
    public string? UnixSocket { get; init; }
    public string? User { get; init; }
    /// <summary>Read from a file, so that the configuration may be shown.</summary>
    public string? Password { get; init; }
    public bool Tls { get; init; }
    public string? Ca { get; init; }
    public string? Certificate { get; init; }
    public string? Key { get; init; }
}

/// <summary>One model that is served.</summary>
internal sealed record ModelSettings
{
    /// <summary>The name of the policy that takes the first rung of the ladder that this device can hold.</summary>
    public const string BestVariant = "best";

    /// <summary>The most rows of a batch where the configuration does not say.</summary>
    public const int UsualBatch = 16;

    public required string Name { get; init; }
    /// <summary>The version that it must be, which may be served beside others of its name; null for whichever its source or ROOT has.</summary>
    public string? Version { get; init; }
    /// <summary>Whether it answers requests that name no version; one of each name does.</summary>
    public bool IsDefault { get; init; } = true;
    /// <summary>Where its bundle is kept, and what it is told by from others.</summary>
    public BundleSlot Slot => new(Name, Version);
    /// <summary>A bundle file that is installed at start; null to serve what is active in ROOT.</summary>
    public string? Source { get; init; }
    /// <summary>Who else has it; null for nobody.</summary>
    public RemoteModel? Elsewhere { get; init; }
    /// <summary>Whether a bundle of it is served here, be it in the first place or as a fallback.</summary>
    public bool IsServedHere => Elsewhere is not { IsAlone: true };
    /// <summary>A variant's id, or <see cref="BestVariant"/>.</summary>
    public string Variant { get; init; } = BestVariant;
    /// <summary>Threads of one run; 0 for the target's.</summary>
    public int Threads { get; init; }
    public ByteCount? MemoryBudget { get; init; }
    /// <summary>Whether it stays in service whatever memory another one needs.</summary>
    public bool Pinned { get; init; }
    /// <summary>Whether answers that are not numbers are failures.</summary>
    public bool CheckFinite { get; init; } = true;
    /// <summary>Within which requests should be answered; null where only their deadlines count.</summary>
    public TimeSpan? LatencyTarget { get; init; }
    /// <summary>The most rows of a batch; 1 for no batches.</summary>
    public int BatchMost { get; init; } = UsualBatch;
    /// <summary>Its part of the cores where models wait for them, against the others' weights.</summary>
    public int Weight { get; init; } = 1;
}

/// <summary>What requests may take.</summary>
internal sealed record LimitSettings
{
    /// <summary>Requests that may wait for a model.</summary>
    public int QueueMessages { get; init; } = 256;
    /// <summary>Bytes that may wait for all models together.</summary>
    public ByteCount QueueBytes { get; init; } = ByteCount.FromMebibytes(64);
    /// <summary>Requests of one client that may wait or run.</summary>
    public int PerClient { get; init; } = 32;
    /// <summary>Bytes of one payload.</summary>
    public ByteCount PayloadBytes { get; init; } = ByteCount.FromMebibytes(64);
    /// <summary>What all models in service may need; null for no limit.</summary>
    public ByteCount? Memory { get; init; }
    /// <summary>How long after its deadline a run may take to end before it is given up.</summary>
    public TimeSpan HangGrace { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>How long accepted requests may take at shutdown, or when a model is unloaded.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What is logged, and how.</summary>
internal sealed record LogSettings
{
    public Logging.LogLevel Level { get; init; } = Logging.LogLevel.Info;
    public bool Json { get; init; }
}
