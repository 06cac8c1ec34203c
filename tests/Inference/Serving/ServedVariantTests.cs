using System.Collections.Concurrent;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Models;
using Xunit;
using static EdgeRuntime.Inference.Tests.OpenModel;

namespace EdgeRuntime.Inference.Tests.Serving;

public sealed class ServedVariantTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Open_NothingCached_AnswersAtOnceThenSwapsToAnEqualForm()
    {
        using var bundle = new TestBundle(SmallTransformer);
        using var cache = bundle.OpenCache();
        using var variant = bundle.Open(cache);
        Assert.Equal(SessionForm.Plain, variant.Form);
        float[] plain = Answer(variant);
        await variant.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Null(variant.PlainReason);
        Assert.NotEqual(SessionForm.Plain, variant.Form);
        AssertNear(plain, Answer(variant));
    }

    [Fact]
    public async Task Open_RequestsMayShareRuns_TheFormIsAsFastForThemTogether()
    {
        using var bundle = new TestBundle(folder => TestModels.DenseLayers(folder, layers: 1, width: 1024));
        using var cache = bundle.OpenCache();
        using var variant = bundle.Open(cache);
        await variant.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Null(variant.PlainReason);
        Assert.NotEqual(SessionForm.Specialised, variant.Form); // which packs the weights at each run of more than one row
    }

    [Fact]
    public async Task Open_Cached_IsSpecialisedFromTheFirstRun()
    {
        using var bundle = new TestBundle(SmallTransformer);
        using var cache = bundle.OpenCache();
        float[] first;
        using (var variant = bundle.Open(cache))
        {
            await variant.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
            first = Answer(variant);
        }
        var events = new ConcurrentQueue<InferenceEvent>();
        using var again = bundle.Open(cache, new ServingOptions { Log = events.Enqueue });
        Assert.NotEqual(SessionForm.Plain, again.Form);
        Assert.True(again.Specialised.IsCompleted);
        Assert.Equal(first, Answer(again));
        Assert.Contains(events, happened => happened.Kind == InferenceEventKind.CacheOpened);
    }

    [Fact]
    public async Task Open_QuotaTooSmall_PlainStaysInServiceAndSaysWhy()
    {
        using var bundle = new TestBundle(SmallTransformer);
        using var cache = bundle.OpenCache(new ByteCount(1000));
        var events = new ConcurrentQueue<InferenceEvent>();
        using var variant = bundle.Open(cache, new ServingOptions { Log = events.Enqueue });
        await variant.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(SessionForm.Plain, variant.Form);
        Assert.Contains("over the cache's quota", variant.PlainReason, StringComparison.Ordinal);
        Assert.Contains(events, happened => happened.Kind == InferenceEventKind.SpecialisationFailed);
        Assert.NotEmpty(Answer(variant));
        Assert.Empty(bundle.CacheEntries);
    }

    [Fact]
    public void Open_OverBudget_IsRefusedBeforeLoading()
    {
        using var bundle = new TestBundle(TestModels.Mlp());
        using var cache = bundle.OpenCache();
        var error = Assert.Throws<InferenceException>(() => bundle.Open(cache, options: new ExecutionOptions { MemoryBudget = new ByteCount(1 << 20) }));
        Assert.Equal(InferenceError.OverBudget, error.Error);
        Assert.Matches("variant 'fp32' needs .* MiB, over the 1.* MiB budget of model 'test'", error.Message);
    }

    [Fact]
    public void Open_UnknownVariant_NamesThoseThatAreThere()
    {
        using var bundle = new TestBundle(TestModels.Mlp());
        using var cache = bundle.OpenCache();
        var error = Assert.Throws<InferenceException>(() => ServedVariant.Open(bundle.Bundle, "int8", new ExecutionOptions(), cache));
        Assert.Equal("model 'test' has no variant 'int8', only 'fp32'", error.Message);
    }

    [Fact]
    public void Open_ModelIsBroken_IsRefused()
    {
        using var bundle = new TestBundle(TestModels.Mlp());
        using var cache = bundle.OpenCache();
        File.SetUnixFileMode(bundle.ModelPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(bundle.ModelPath, [1, 2, 3]);
        Assert.Equal(InferenceError.ModelInvalid, Assert.Throws<InferenceException>(() => bundle.Open(cache)).Error);
    }

    [Fact]
    public async Task Open_AcceleratorMissing_FallsBackVisiblyOrIsRefused()
    {
        using var bundle = new TestBundle(TestModels.Mlp());
        using var cache = bundle.OpenCache();
        var events = new ConcurrentQueue<InferenceEvent>();
        var wanted = new ExecutionOptions { Providers = ["tensorrt", "cpu"], Threads = 1 };
        Assert.Equal(InferenceError.ProviderUnavailable, Assert.Throws<InferenceException>(() => bundle.Open(cache, options: wanted)).Error);
        using var variant = bundle.Open(cache, new ServingOptions { Log = events.Enqueue }, wanted with { AllowCpuFallback = true });
        Assert.Equal("cpu", variant.Provider);
        Assert.Equal("execution provider 'tensorrt' is not in this build", variant.FallbackReason);
        Assert.Contains(events, happened => happened.Kind == InferenceEventKind.ProviderFallback);
        await variant.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Dispose_WhileSpecialising_EndsInTheBackground()
    {
        using var bundle = new TestBundle(SmallTransformer);
        using var cache = bundle.OpenCache();
        var variant = bundle.Open(cache);
        variant.Dispose();
        await variant.Maintenance.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(bundle.CacheEntries, folder => Path.GetFileName(folder).StartsWith('.'));
    }

    internal static void SmallTransformer(string folder) => TestModels.Transformer(folder, layers: 2, width: 64, heads: 4);

    internal static float[] Answer(ServedVariant variant)
    {
        using var context = variant.CreateContext();
        var random = new Random(7);
        context.BindInput(0, Bytes(Enumerable.Range(0, 8 * 64).Select(_ => random.NextSingle()).ToArray()), [1, 8, 64]);
        context.Run();
        return context.Output(0).As<float>().ToArray();
    }

    // Two orders of sums over 256 float32 terms, two layers deep, of values around 1.
    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4f);
    }
}
