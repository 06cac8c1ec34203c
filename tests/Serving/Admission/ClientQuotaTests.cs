using EdgeRuntime.Serving.Admission;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Admission;

public sealed class ClientQuotaTests
{
    [Fact]
    public void TryEnter_AtTheLimit_IsRefusedUntilOneEnds()
    {
        var quota = new ClientQuota(1);
        var first = quota.TryEnter("me");
        Assert.NotNull(first);
        Assert.Null(quota.TryEnter("me"));
        Assert.NotNull(quota.TryEnter("you"));
        first.Active--;
        Assert.Same(first, quota.TryEnter("me"));
    }

    [Fact]
    public void TryEnter_EndlessNewNames_TheBusyOneKeepsItsCount()
    {
        var quota = new ClientQuota(1);
        Assert.NotNull(quota.TryEnter("busy"));
        for (int i = 0; i < 10_000; i++) quota.TryEnter($"c{i}")!.Active--;
        Assert.Null(quota.TryEnter("busy"));
        Assert.InRange(quota.RememberedNames, 1, 1024);
    }
}
