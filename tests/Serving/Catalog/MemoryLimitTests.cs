using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>limits.memoryBytes: the least recently used model makes room. Each model here needs 32 MiB, which is the guess for activations.</summary>
public sealed class MemoryLimitTests
{
    private static readonly TestRequest Request = TestRequest.Floats("x", [1, 2], 0.5f, -1);
    private static readonly LimitSettings RoomForTwo = new() { Memory = ByteCount.FromMebibytes(70) };

    [Fact]
    public async Task Start_MoreModelsThanFit_TheLeastRecentlyUsedMakesRoomAndComesBackWhenAsked()
    {
        await using var device = await new TestDevice { Limits = RoomForTwo }
            .With("a", TestModels.Identity()).With("b", TestModels.Identity()).With("c", TestModels.Identity()).StartAsync();
        Assert.Equal("UNAVAILABLE,READY,READY", States(device));
        Assert.Equal("OK", (await device.AskAsync("b", Request)).Status); // so c is the least recently used
        var refused = await device.AskAsync("a", Request);
        Assert.Equal("UNAVAILABLE", refused.Status);
        Assert.Contains("it made room for model 'c' (limits.memoryBytes)", refused.Text, StringComparison.Ordinal);
        Assert.True(long.Parse(refused.Properties["retry-after-ms"]) > 0);
        await device.WaitForModelAsync("a", "ready");
        Assert.Equal("READY,READY,UNAVAILABLE", States(device));
        Assert.Equal("OK", (await device.AskAsync("a", Request)).Status);
    }

    [Fact]
    public async Task Start_PinnedModelsLeaveNoRoom_TheOtherFailsWithFigures()
    {
        await using var device = new TestDevice { Limits = RoomForTwo };
        device.With("a", TestModels.Identity(), pinned: true).With("b", TestModels.Identity(), pinned: true).With("c", TestModels.Identity());
        await device.StartAsync();
        Assert.Equal("READY,READY,UNAVAILABLE", States(device));
        Assert.Contains("64 MiB are taken by models that stay, of the 70 MiB for all (limits.memoryBytes)", (await device.AskAsync("c", Request)).Text, StringComparison.Ordinal);
    }

    private static string States(TestDevice device) =>
        string.Join(',', device.Host.Catalog.Index().OrderBy(model => model.Name, StringComparer.Ordinal).Select(model => model.State));
}
