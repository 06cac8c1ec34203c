using System.Text;
using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Tests.Serving;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Cache;

public sealed class SessionCacheTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestBundle _bundle = new(ServedVariantTests.SmallTransformer);
    private float[] _expected = [];

    private string Entry => _bundle.CacheEntries.Single();

    public async ValueTask InitializeAsync()
    {
        using var cache = _bundle.OpenCache();
        using var variant = await OpenSpecialisedAsync(cache);
        _expected = ServedVariantTests.Answer(variant);
    }

    public ValueTask DisposeAsync()
    {
        _bundle.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Open_EntryAsWritten_IsUsedAndPrivate()
    {
        using var cache = _bundle.OpenCache();
        using var variant = _bundle.Open(cache);
        Assert.NotEqual(SessionForm.Plain, variant.Form);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_bundle.CacheFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Entry));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights.bin")]
    [InlineData("key.json")]
    public async Task Open_FileIsCutShort_IsNotUsedAndIsMadeAnew(string file)
    {
        string path = Path.Combine(Entry, file);
        using (var stream = new FileStream(path, FileMode.Open)) stream.SetLength(stream.Length / 2);
        await AssertRefusedAndMadeAnewAsync();
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights.bin")]
    [InlineData("key.json")]
    public async Task Open_FileIsMissing_IsNotUsedAndIsMadeAnew(string file)
    {
        File.Delete(Path.Combine(Entry, file));
        await AssertRefusedAndMadeAnewAsync();
    }

    [Fact]
    public async Task Open_OneBitFlippedInWeights_IsNotUsedAndIsMadeAnew()
    {
        Flip(Path.Combine(Entry, "weights.bin"), keepTime: false);
        await AssertRefusedAndMadeAnewAsync();
    }

    [Fact]
    public async Task Open_OneBitFlippedUnnoticedAfterUncleanStop_IsNotUsed()
    {
        Flip(Path.Combine(Entry, "weights.bin"), keepTime: true);
        ForgetBoot(); // the machine went down without a clean stop
        File.Delete(Path.Combine(_bundle.CacheFolder, "clean-stop"));
        await AssertRefusedAndMadeAnewAsync();
    }

    [Fact]
    public async Task Open_OneBitFlippedUnnoticed_BackgroundCheckTakesItOutOfService()
    {
        Flip(Path.Combine(Entry, "weights.bin"), keepTime: true);
        using var cache = _bundle.OpenCache();
        var swapped = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var serving = new ServingOptions
        {
            VerifyAfter = TimeSpan.Zero,
            Log = happened =>
            {
                if (happened.Kind == InferenceEventKind.CacheRefused) swapped.TrySetResult(happened.Text);
            },
        };
        using var variant = _bundle.Open(cache, serving);
        Assert.Contains("weights.bin has another digest", await swapped.Task.WaitAsync(Patience, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await variant.Maintenance.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(_expected, ServedVariantTests.Answer(variant));
        Assert.NotEqual(SessionForm.Plain, variant.Form);
    }

    [Fact]
    public void Open_AfterRestartOfTheMachineAndCleanStop_IsUsedAtOnce()
    {
        ForgetBoot();
        File.WriteAllText(Path.Combine(_bundle.CacheFolder, "clean-stop"), "another-boot");
        using var cache = _bundle.OpenCache();
        using var variant = _bundle.Open(cache);
        Assert.NotEqual(SessionForm.Plain, variant.Form);
        Assert.False(File.Exists(Path.Combine(_bundle.CacheFolder, "clean-stop")));
    }

    [Fact]
    public async Task Open_CacheDeletedWhileInUse_GoesOnAndTheNextOneMakesItAnew()
    {
        using var cache = _bundle.OpenCache();
        using var variant = _bundle.Open(cache);
        Directory.Delete(_bundle.CacheFolder, recursive: true);
        Assert.Equal(_expected, ServedVariantTests.Answer(variant));
        using var next = await OpenSpecialisedAsync(cache);
        Assert.Equal(_expected, ServedVariantTests.Answer(next));
        Assert.Single(_bundle.CacheEntries);
    }

    [Fact]
    public async Task Trim_OneInUseOneNot_KeepsTheOneInUse()
    {
        using var cache = _bundle.OpenCache();
        using var other = _bundle.Open(cache, options: new ExecutionOptions { Threads = 2 });
        await other.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_bundle.CacheFolder, ".staging-999999999-dead"));
        Assert.Equal(3, _bundle.CacheEntries.Length);
        cache.Trim();
        Assert.Contains("\"threads\": 2", File.ReadAllText(Path.Combine(Entry, "key.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void KeyName_AnyPartChanges_IsAnother()
    {
        var key = new CacheKey { Variant = "v", Cpu = "c", Threads = 1, Provider = "p", OnnxRuntime = "o" };
        string[] names = [key.Name, (key with { Variant = "w" }).Name, (key with { Cpu = "d" }).Name, (key with { Threads = 2 }).Name, (key with { Provider = "q" }).Name, (key with { OnnxRuntime = "n" }).Name];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(key.Name, (key with { }).Name);
        Assert.Matches("^[0-9a-f]{64}$", key.Name);
    }

    private async Task AssertRefusedAndMadeAnewAsync()
    {
        using var cache = _bundle.OpenCache();
        string? refused = null;
        using var variant = _bundle.Open(cache, new ServingOptions { Log = happened => refused = happened.Kind == InferenceEventKind.CacheRefused ? happened.Text : refused });
        Assert.NotNull(refused);
        await variant.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Null(variant.PlainReason);
        Assert.Equal(_expected, ServedVariantTests.Answer(variant));
    }

    private async Task<ServedVariant> OpenSpecialisedAsync(SessionCache cache)
    {
        var variant = _bundle.Open(cache);
        await variant.Specialised.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Null(variant.PlainReason);
        return variant;
    }

    private static void Flip(string path, bool keepTime)
    {
        var changed = File.GetLastWriteTimeUtc(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        if (keepTime) File.SetLastWriteTimeUtc(path, changed);
        else File.SetLastWriteTimeUtc(path, changed.AddSeconds(1));
    }

    private void ForgetBoot()
    {
        string path = Path.Combine(Entry, "checked");
        string text = File.ReadAllText(path);
        File.WriteAllText(path, new StringBuilder("another-boot").Append(text[text.IndexOf('\n', StringComparison.Ordinal)..]).ToString());
    }
}
