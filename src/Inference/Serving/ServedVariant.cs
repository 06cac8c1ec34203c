using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Serving;
using EdgeRuntime.Inference.Sessions;
using EdgeRuntime.Inference.Specialisation;

namespace EdgeRuntime.Inference;

/// <summary>
/// One variant of an installed bundle, in service from the moment it is opened: in its specialised form where the cache has
/// one, else in its plain form while the specialised one is built beside it and swapped in. A failure to specialise leaves
/// the plain form in service. Thread-safe.
/// </summary>
public sealed partial class ServedVariant : IDisposable
{
    private readonly ServingOptions _serving;
    private readonly SessionCache _cache;
    private readonly VariantSource _source;
    private readonly SessionSlot _slot;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _specialised = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    private ServedVariant(VariantSource source, SessionCache cache, ServingOptions serving)
    {
        _source = source;
        _cache = cache;
        _serving = serving;
        FallbackReason = source.FallbackReason;
        if (FallbackReason is not null) Log(InferenceEventKind.ProviderFallback, $"{FallbackReason}; running on '{source.Provider}'");
        cache.Enter(source.Key);
        try
        {
            _slot = new SessionSlot(OpenFirst(out var entry));
            if (entry is not null) _specialised.TrySetResult(); // at once: who asks next must not think that it is being built
            Maintenance = Task.Run(() => MaintainAsync(entry));
        }
        catch
        {
            cache.Leave(source.Key);
            throw;
        }
    }

    /// <summary>The bundle's name.</summary>
    public string Model => _source.Model;

    /// <summary>The variant's id.</summary>
    public string Id => _source.Variant.Id;

    /// <summary>The inputs, in the order of <see cref="RunContext.BindInput"/>.</summary>
    public IReadOnlyList<TensorSpec> Inputs => _source.Inputs;

    /// <summary>The outputs, in the order of <see cref="RunContext.Output"/>.</summary>
    public IReadOnlyList<TensorSpec> Outputs => _source.Outputs;

    /// <summary>The form that the next run uses.</summary>
    public SessionForm Form => _slot.Form;

    /// <summary>Why the form is plain; null where it is not.</summary>
    public string? PlainReason { get; private set; } = "the specialised form is being built";

    /// <summary>The execution provider that runs it.</summary>
    public string Provider => _source.Provider;

    /// <summary>Why that is not the one wanted first; null where it is.</summary>
    public string? FallbackReason { get; }

    /// <summary>Ends when the specialised form is in service or is known not to come; never faults.</summary>
    public Task Specialised => _specialised.Task;

    /// <summary>Ends when nothing goes on in the background any more.</summary>
    internal Task Maintenance { get; }

    /// <summary>Opens a variant.</summary>
    /// <param name="bundle">Installed, and so verified.</param>
    /// <param name="variantId">One of the manifest's variants.</param>
    /// <param name="options">On what it runs and with how much memory.</param>
    /// <param name="cache">Where specialised forms are.</param>
    /// <param name="serving">How it is kept in service; null for the defaults.</param>
    /// <exception cref="InferenceException">Over budget, no provider, or no model that this build can run.</exception>
    public static ServedVariant Open(
        InstalledBundle bundle, string variantId, ExecutionOptions options, SessionCache cache, ServingOptions? serving = null) =>
        new(VariantSource.Of(bundle, variantId, options), cache, serving ?? new ServingOptions());

    /// <summary>Builds the specialised form that <see cref="Open"/> finds from then on; to be called where nothing that is served feels it.</summary>
    /// <returns>Whether it is there now; false where it is not wanted, or there is no memory to build it.</returns>
    /// <exception cref="InferenceException">As of <see cref="Open"/>, or it cannot be built.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static bool Specialise(InstalledBundle bundle, string variantId, ExecutionOptions options, SessionCache cache, ServingOptions serving, CancellationToken cancel)
    {
        var source = VariantSource.Of(bundle, variantId, options);
        if (WhyNotSpecialised(serving, source) is not null) return false;
        cache.Enter(source.Key);
        try
        {
            if (cache.TryOpen(source.Key, out _) is null) new Specialiser(source.Request(), cache, serving.Time).Prepare(cancel);
            return true;
        }
        catch (InferenceException error) when (error.Error == InferenceError.OverBudget)
        {
            return false; // said once it serves
        }
        finally
        {
            cache.Leave(source.Key);
        }
    }

    /// <summary>A way to run it, for one worker.</summary>
    public RunContext CreateContext() => CreateContext(_serving.Hung);

    /// <summary>A way to run it for which another one is told where a run hangs, or nobody.</summary>
    internal RunContext CreateContext(Action? hung) => new(_slot, Inputs, Outputs, _serving.Time, _serving.HangGrace, hung);

    /// <summary>Takes it out of service: runs under way end, then the session is freed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _closing.Cancel();
        _slot.Dispose();
        _cache.Leave(_source.Key);
    }

    private void Log(InferenceEventKind kind, string text) => _serving.Log?.Invoke(new InferenceEvent(kind, $"{Model}/{Id}", text));
}
