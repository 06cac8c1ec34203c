using System.Buffers;
using System.Text;
using EdgeRuntime.Device.Decisions;
using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;
using Xunit;

namespace EdgeRuntime.Device.Tests.Decisions;

public sealed class RouteTextTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSameToTheBitAndSoIsTheDecisionMadeAgain()
    {
        var chance = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            var here = chance.Next(3) == 0 ? new LocalOffer(false, 0, 0, chance.Next(2) == 0) : new LocalOffer(true, chance.NextDouble(), chance.NextDouble());
            var offer = new ServerOffer(chance.Next(4) > 0, chance.Next(2) == 0, chance.Next(2) == 0, chance.NextDouble(), chance.NextDouble() / 3, chance.NextDouble() / 30, 1 + chance.NextDouble());
            double left = chance.NextDouble(), floor = chance.NextDouble() / 2;
            var record = new RouteRecord("ocr", here, left, floor, offer, "gpu-1", OffloadDesk.Decide(here, left, floor, offer));
            var line = new ArrayBufferWriter<byte>();
            new DecisionLine(DateTimeOffset.UnixEpoch, record, null).Write(line);
            var read = DecisionLine.Read(line.WrittenMemory);
            Assert.Equal(DateTimeOffset.UnixEpoch, read.At);
            Assert.Equal(record, read.Route);
            Assert.Null(read.Rung);
            Assert.True(RouteExplanation.IsSameAgain(read.Route!.Value, out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"at":"yesterday"}""")]
    public void Read_NoDecision_SaysSo(string line) => Assert.Throws<FormatException>(() => DecisionLine.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Decide_NothingIsPossible_Refuses() => Assert.Equal(RequestRoute.Refuse, OffloadDesk.Decide(default, 1, 0, default).Route);

    [Fact]
    public void IsSameAgain_DecidedOtherwise_SaysWhatComesOut()
    {
        var record = new RouteRecord("ocr", new LocalOffer(true, 1, 1), 0.1, 0, default, "", new RouteDecision(RequestRoute.Refuse, false, 0));
        Assert.False(RouteExplanation.IsSameAgain(record, out string again));
        Assert.Contains("Local", again, StringComparison.Ordinal);
    }
}
