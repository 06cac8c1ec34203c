using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Native;
using EdgeRuntime.Inference.Serving;
using EdgeRuntime.Inference.Sessions;
using EdgeRuntime.Inference.Specialisation;

namespace EdgeRuntime.Inference;

public sealed partial class ServedVariant
{
    private const string Background = "specialise";

    private async Task MaintainAsync(CacheEntry? entry)
    {
        try
        {
            if (_serving.ReturnsMemory) Libc.TrimHeap(); // what opening took and gave back
            if (entry is not null)
            {
                if (await StaysGoodAsync(entry).ConfigureAwait(false)) return;
                Swap(OpenPlain(), "the cached form is not what it was");
            }
            await SpecialiseAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            PlainReason ??= "closed";
        }
        catch (Exception e)
        {
            // Whatever it was, the plain form is in service and stays there.
            PlainReason = e.Message;
            Log(InferenceEventKind.SpecialisationFailed, e.Message);
        }
        finally
        {
            _specialised.TrySetResult();
        }
    }

    private async Task<bool> StaysGoodAsync(CacheEntry entry)
    {
        await Task.Delay(_serving.VerifyAfter, _serving.Time, _closing.Token).ConfigureAwait(false);
        string reason = await BackgroundWork.RunAsync(Background, () => VerifyIfThere(entry)).ConfigureAwait(false);
        if (reason.Length == 0) return true;
        Log(InferenceEventKind.CacheRefused, reason);
        _cache.Remove(_source.Key);
        return false;
    }

    // An entry that was deleted while in use is still whole where it is mapped.
    private string VerifyIfThere(CacheEntry entry)
    {
        try
        {
            return Directory.Exists(entry.Folder) ? SessionCache.Verify(entry, _closing.Token) : "";
        }
        catch (IOException) when (!Directory.Exists(entry.Folder))
        {
            return "";
        }
    }

    private async Task SpecialiseAsync()
    {
        if (WhyNotSpecialised(_serving, _source) is { } reason)
        {
            PlainReason = reason;
            return;
        }
        PlainReason = "the specialised form is being built";
        var specialiser = new Specialiser(_source.Request(), _cache, _serving.Time);
        var entry = await BackgroundWork.RunAsync(Background, () => specialiser.Prepare(_closing.Token)).ConfigureAwait(false);
        _closing.Token.ThrowIfCancellationRequested();
        var session = Open(entry);
        Swap(session, $"{session.Form} from cache entry {entry.Name}");
    }

    private static string? WhyNotSpecialised(ServingOptions serving, VariantSource source)
    {
        if (!serving.Specialise) return "specialisation is switched off";
        return source.Provider == ExecutionOptions.Cpu ? null : $"execution provider '{source.Provider}' keeps the weights in its own memory";
    }

    private void Swap(SharedSession session, string why)
    {
        _slot.Swap(session);
        FreedMemory.Return();
        Log(InferenceEventKind.Swapped, why);
    }
}
