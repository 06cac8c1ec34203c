using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Sessions;

namespace EdgeRuntime.Inference;

public sealed partial class ServedVariant
{
    private SharedSession OpenFirst(out CacheEntry? entry)
    {
        entry = _cache.TryOpen(_source.Key, out string reason);
        if (entry is not null)
        {
            try
            {
                var session = Open(entry);
                Log(InferenceEventKind.CacheOpened, $"form {session.Form} of cache entry {entry.Name}");
                return session;
            }
            catch (InferenceException e)
            {
                reason = e.Message; // deleted meanwhile, or broken in a way that no digest shows
                _cache.Remove(_source.Key);
                entry = null;
            }
        }
        if (reason != SessionCache.NotThere) Log(InferenceEventKind.CacheRefused, reason);
        return OpenPlain();
    }

    private SharedSession Open(CacheEntry entry)
    {
        var mode = entry.Record.Form switch
        {
            SessionForm.Specialised => LoadMode.Specialised,
            SessionForm.Prepacked => LoadMode.Prepacked,
            _ => LoadMode.InMemory,
        };
        string path = mode == LoadMode.InMemory ? _source.ModelPath : entry.ModelPath;
        var session = _source.Open(path, mode);
        PlainReason = mode == LoadMode.InMemory ? "measured to be faster by more than its memory is worth" : null;
        return new SharedSession(session, entry.Record.Form);
    }

    private SharedSession OpenPlain()
    {
        var mode = _source.Provider == ExecutionOptions.Cpu ? LoadMode.Mapped : LoadMode.InMemory;
        return new SharedSession(_source.Open(_source.ModelPath, mode), SessionForm.Plain);
    }
}
