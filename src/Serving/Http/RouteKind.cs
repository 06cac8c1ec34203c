namespace EdgeRuntime.Serving.Http;

/// <summary>What a path asks for.</summary>
internal enum RouteKind : byte
{
    None,
    Server,
    Live,
    Ready,
    Metrics,
    Model,
    ModelReady,
    Infer,
    Index,
    Load,
    Unload,
}
