namespace EdgeRuntime.Messaging;

/// <summary>The topics of the system. What stands in braces is an identifier; every topic begins with <c>edge/v1/{fleet}/</c>.</summary>
public enum TopicKind
{
    /// <summary><c>d/{device}/infer/{model}/{client}</c>: a request; only that client may publish it.</summary>
    Infer,

    /// <summary><c>d/{device}/cancel/{client}</c>: correlation data of a request to give up.</summary>
    Cancel,

    /// <summary><c>d/{device}/state</c>: retained, with a will.</summary>
    State,

    /// <summary><c>d/{device}/models</c>: retained; what is served.</summary>
    Models,

    /// <summary><c>d/{device}/metrics</c>: every few seconds.</summary>
    Metrics,

    /// <summary><c>d/{device}/update/notify</c>: a hint to look for updates.</summary>
    UpdateNotify,

    /// <summary><c>d/{device}/update/status</c>: retained progress and outcome.</summary>
    UpdateStatus,

    /// <summary><c>d/{device}/rsp/offload</c>: answers of servers to a device.</summary>
    OffloadResponse,

    /// <summary><c>d/{device}/rsp/repo</c>: answers of depots to a device.</summary>
    RepoResponse,

    /// <summary><c>offload/pool/{pool}/infer/{model}/{device}</c>: a request to whichever server of a pool is next.</summary>
    PoolInfer,

    /// <summary><c>offload/server/{server}/infer/{model}/{device}</c>: a request to one server.</summary>
    ServerInfer,

    /// <summary><c>offload/server/{server}/state</c>: retained load beacon, with a will.</summary>
    ServerState,

    /// <summary><c>offload/server/{server}/cancel/{device}</c>: correlation data of a request that a device needs no answer to any more.</summary>
    ServerCancel,

    /// <summary><c>repo/{pool}/get/{device}</c>: a request for metadata or a chunk.</summary>
    RepoGet,

    /// <summary><c>c/{client}/...</c>: one or more levels that a client receives its answers on.</summary>
    Client,
}
