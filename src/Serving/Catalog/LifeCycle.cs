using static EdgeRuntime.Serving.Catalog.ModelEvent;
using static EdgeRuntime.Serving.Catalog.ModelState;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>The life of a model as one table. What is not in it does not happen: such an event changes nothing.</summary>
internal static class LifeCycle
{
    private static readonly Dictionary<(ModelState, ModelEvent), ModelState> Table = new()
    {
        [(Unloaded, LoadAsked)] = Loading,
        [(Loading, LoadAsked)] = Loading,
        [(Ready, LoadAsked)] = Ready,
        [(Failed, LoadAsked)] = Loading,
        [(Quarantined, LoadAsked)] = Quarantined,

        [(Loading, Loaded)] = Ready,
        [(Ready, Loaded)] = Ready, // a swap
        [(Quarantined, Loaded)] = Ready,

        [(Loading, LoadFailed)] = Failed,
        [(Ready, LoadFailed)] = Ready, // the version in service stays
        [(Quarantined, LoadFailed)] = Quarantined,

        [(Ready, UnloadAsked)] = Draining,
        [(Draining, Drained)] = Unloaded,
        [(Unloaded, UnloadAsked)] = Unloaded,
        [(Loading, UnloadAsked)] = Unloaded,
        [(Failed, UnloadAsked)] = Unloaded,
        [(Quarantined, UnloadAsked)] = Unloaded,

        [(Loading, Broke)] = Quarantined, // it took the process with it before
        [(Ready, Broke)] = Quarantined,
        [(Draining, Broke)] = Draining, // what waits is refused, which drains it too
        [(Quarantined, Broke)] = Quarantined,
    };

    /// <summary>The state after an event; null where the event means nothing in that state.</summary>
    public static ModelState? Next(ModelState state, ModelEvent happened) => Table.TryGetValue((state, happened), out var next) ? next : null;
}
