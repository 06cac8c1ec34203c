using System.Text;
using EdgeRuntime.Serving.Beacons;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Beacons;

public sealed class BeaconDocumentTests
{
    private static readonly LoadBeacon Beacon = new()
    {
        Server = "gpu-1",
        State = LoadBeacon.Online,
        Boot = "b",
        Executor = "cpu",
        Models = [new ModelLoad("ocr", "1.0.0", 0.99, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 8100, 3)],
    };

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var read = BeaconDocument.Read(BeaconDocument.Write(Beacon), "gpu-1")!;
        Assert.Equal((Beacon.Server, Beacon.State, Beacon.Boot, Beacon.Executor), (read.Server, read.State, read.Boot, read.Executor));
        var model = Assert.Single(read.Models);
        Assert.Equal(("ocr", "1.0.0", 0.99, 8100L, 3), (model.Name, model.Version, model.Quality, model.ServiceMicroseconds, model.Waiting));
        Assert.Equal(Beacon.Models[0].WaitMicroseconds, model.WaitMicroseconds);
    }

    [Fact]
    public void Read_OfAnotherServer_IsNone() => Assert.Null(BeaconDocument.Read(BeaconDocument.Write(Beacon), "gpu-2"));

    [Theory]
    [InlineData("\"quality\":0.99", "\"quality\":-1")]
    [InlineData("\"service-us\":8100", "\"service-us\":-1")]
    [InlineData("\"service-us\":8100", "\"service-us\":1e300")]
    [InlineData("[9,8,7,6,5,4,3,2,1,0]", "[9,8]")]
    [InlineData("[9,8,7,6,5,4,3,2,1,0]", "[9,8,7,6,5,4,3,2,1,-1]")]
    [InlineData("\"name\":\"ocr\"", "\"name\":\"../ocr\"")]
    public void Read_ModelThatLies_IsLeftOut(string text, string lie)
    {
        var document = Encoding.UTF8.GetString(BeaconDocument.Write(Beacon).Span);
        Assert.Contains(text, document, StringComparison.Ordinal);
        Assert.Empty(BeaconDocument.Read(Encoding.UTF8.GetBytes(document.Replace(text, lie, StringComparison.Ordinal)), "gpu-1")!.Models);
    }

    [Fact]
    public void Read_DamagedDocuments_NeverThrows()
    {
        var chance = new Random(7);
        var document = BeaconDocument.Write(Beacon).ToArray();
        for (int i = 0; i < 20_000; i++)
        {
            var damaged = document[..chance.Next(document.Length + 1)];
            for (int hits = chance.Next(4); hits > 0 && damaged.Length > 0; hits--) damaged[chance.Next(damaged.Length)] = (byte)chance.Next(256);
            _ = BeaconDocument.Read(damaged, "gpu-1");
        }
    }

    [Fact]
    public void Read_OverTheLimit_IsNone() => Assert.Null(BeaconDocument.Read(new byte[BeaconDocument.MaximumSize + 1], "gpu-1"));
}
