using System.Buffers;
using System.Text;
using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;
using Xunit;

namespace EdgeRuntime.Device.Tests.Offload;

public sealed class DecisionTextTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSameToTheBitAndSoIsTheDecisionMadeAgain()
    {
        var chance = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            var here = chance.Next(3) == 0 ? default : new LocalOffer(true, chance.NextDouble(), chance.NextDouble());
            var offer = new ServerOffer(chance.Next(4) > 0, chance.Next(2) == 0, chance.Next(2) == 0, chance.NextDouble(), chance.NextDouble() / 3, chance.NextDouble() / 30, 1 + chance.NextDouble());
            double left = chance.NextDouble(), floor = chance.NextDouble() / 2;
            var record = new DecisionRecord("ocr", here, left, floor, offer, "gpu-1", OffloadDesk.Decide(here, left, floor, offer));
            var line = new ArrayBufferWriter<byte>();
            DecisionText.Write(record, DateTimeOffset.UnixEpoch, line);
            var (at, read) = DecisionText.Read(line.WrittenMemory);
            Assert.Equal(DateTimeOffset.UnixEpoch, at);
            Assert.Equal(record, read);
            Assert.Equal(record.Decision, OffloadDesk.Decide(read.Here, read.Left, read.Floor, read.Offer));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"at":"yesterday"}""")]
    public void Read_NoDecision_SaysSo(string line) => Assert.Throws<FormatException>(() => DecisionText.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Decide_NothingIsPossible_Refuses() => Assert.Equal(RequestRoute.Refuse, OffloadDesk.Decide(default, 1, 0, default).Route);
}
