using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Beacons;
using Xunit;

namespace EdgeRuntime.Device.Tests.Offload;

public sealed class ServerBookTests
{
    private readonly ServerBook _book = new("lab", "dev-1", new OffloadSettings(), new Random(1));

    [Fact]
    public void Choose_OneServerTenTimesSlower_GetsNoMoreThanItsShareBySpeed()
    {
        Hear("fast", service: 1000);
        Hear("slow", service: 10_000);
        int slow = Enumerable.Range(0, 2000).Count(_ => Choose()!.Value.Server.Name == "slow");
        Assert.InRange(slow, 0, 2000 / 11);
    }

    [Fact]
    public void Choose_EqualServers_ShareTheRequests()
    {
        Hear("one", service: 1000);
        Hear("two", service: 1000);
        Assert.InRange(Enumerable.Range(0, 2000).Count(_ => Choose()!.Value.Server.Name == "one"), 300, 1700);
    }

    [Fact]
    public void Choose_BeaconIsOld_NobodyIsAsked()
    {
        Hear("one", service: 1000);
        Assert.NotNull(Choose(now: 2));
        Assert.Null(Choose(now: 3));
    }

    [Fact]
    public void Choose_ServerIsFullForAPriority_HigherOnesAskIt()
    {
        Hear("one", service: 1000);
        Choose()!.Value.Line.Refused(4, until: 1);
        Assert.Null(Choose(priority: 4, now: 0.5));
        Assert.NotNull(Choose(priority: 5, now: 0.5));
        Assert.NotNull(Choose(priority: 4, now: 1.5));
    }

    [Fact]
    public void Heard_StartedAnewOrGone_WhatItHadIsLost()
    {
        Assert.False(Hear("one", service: 1000));
        Assert.True(Hear("one", service: 1000, boot: "another"));
        Assert.True(Hear("one", service: 1000, boot: "another", state: LoadBeacon.Offline));
        Assert.Null(Choose());
    }

    [Fact]
    public void Heard_MoreServersThanThereIsRoomFor_AreLeftOut()
    {
        for (int i = 0; i < 100; i++) Hear($"server-{i}", service: 1000);
        Assert.Equal(64, _book.All.Count);
    }

    private ServerBook.Candidate? Choose(int priority = 4, double now = 0) => _book.Choose("ocr", priority, now, (_, line) => line.Path.Outlook(1000, 0, now));

    private bool Hear(string server, long service, string boot = "b", string state = LoadBeacon.Online)
    {
        var beacon = new LoadBeacon { Server = server, State = state, Boot = boot, Models = [new ModelLoad("ocr", "1.0.0", 1, new long[10], service, 0)] };
        _book.Heard(beacon, 0, out bool isLost);
        return isLost;
    }
}
