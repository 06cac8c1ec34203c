using System.Buffers;
using System.Text;
using EdgeRuntime.Device.Decisions;
using EdgeRuntime.Serving.Degradation;
using Xunit;

namespace EdgeRuntime.Device.Tests.Decisions;

public sealed class RungTextTests
{
    private const string Known = """
        {"at":"2026-11-30T12:00:00+00:00","model":"ocr","left":0.4,"floor":0,"cap":0,"coming":0,"pace":{"mean":1,"spread":0.01,"noise":0.0025},
         "rungs":[{"id":"fp32","quality":1,"seconds":0.04,"untried":false},{"id":"int8","quality":0.99,"seconds":0.02,"untried":false}],"waiting":[[0.3,0.02]],"chosen":0}
        """;

    [Fact]
    public void Read_WhatWasWritten_IsTheSameToTheBitAndSoIsTheChoiceMadeAgain()
    {
        var chance = new Random(5);
        for (int i = 0; i < 2000; i++)
        {
            var decision = Drawn(chance);
            var line = new ArrayBufferWriter<byte>();
            new DecisionLine(DateTimeOffset.UnixEpoch, null, new RungRecord("ocr", decision)).Write(line);
            var read = DecisionLine.Read(line.WrittenMemory).Rung!.Value;
            Assert.Equal(decision.Ids, read.Decision.Ids);
            Assert.Equal(decision.Rungs, read.Decision.Rungs);
            Assert.Equal(decision.Waiting, read.Decision.Waiting);
            Assert.Equal((decision.Coming, decision.Left, decision.Cap, decision.Floor, decision.Chosen), (read.Decision.Coming, read.Decision.Left, read.Decision.Cap, read.Decision.Floor, read.Decision.Chosen));
            Assert.True(RungExplanation.IsSameAgain(read, out _));
            Assert.DoesNotContain("NaN", RungExplanation.Of(read), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void IsSameAgain_AnotherWasTaken_SaysWhichComesOut()
    {
        var read = Read(Known.Replace("\"chosen\":0", "\"chosen\":1", StringComparison.Ordinal));
        Assert.False(RungExplanation.IsSameAgain(read, out string again));
        Assert.Equal("'fp32'", again);
    }

    [Theory]
    [InlineData("\"cap\":0", "\"cap\":2", "cap 2 is not a place among 2 rungs")]
    [InlineData("\"cap\":0", "\"cap\":-1", "cap -1 is not a place among 2 rungs")]
    [InlineData("\"chosen\":0", "\"chosen\":2", "chosen 2 is not a place among 2 rungs")]
    [InlineData("[[0.3,0.02]]", "[[0.3]]", "one that waits has 1 numbers, not 2")]
    public void Read_Wrong_SaysWhat(string from, string to, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Read(Known.Replace(from, to, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"seconds\":0.02", "\"seconds\":\"soon\"")]
    [InlineData("\"rungs\":[", "\"rungs\":[1,")]
    [InlineData("\"pace\":{\"mean\":1,", "\"pace\":{")]
    [InlineData("\"cap\":0", "\"cap\":0.5")]
    public void Read_NotOfThatKind_IsNoDecision(string from, string to) => Assert.Throws<FormatException>(() => Read(Known.Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("", "", "'fp32' 40 ms, worth ")]
    [InlineData("\"floor\":0", "\"floor\":0.995", "'int8' 20 ms, its quality 0.99 is below the floor of 0.995")]
    [InlineData("\"cap\":0", "\"cap\":1", "'fp32' 40 ms, above the cap")]
    [InlineData("[[0.3,0.02]]", "[[0.03,0.02]]", "'fp32' 40 ms, not sure to keep all promises")]
    [InlineData("false}],\"waiting\":[[0.3,0.02]],\"chosen\":0", "true}],\"waiting\":[[0.3,0.02]],\"chosen\":1", "'int8' 20 ms, untried, and others are promised on its word")]
    public void Of_EachReason_IsSaid(string from, string to, string expected) =>
        Assert.Contains(expected, RungExplanation.Of(Read(from.Length == 0 ? Known : Known.Replace(from, to, StringComparison.Ordinal))), StringComparison.Ordinal);

    private static RungRecord Read(string line) => DecisionLine.Read(Encoding.UTF8.GetBytes(line)).Rung!.Value;

    private static RungDecision Drawn(Random chance)
    {
        var rungs = Enumerable.Range(0, chance.Next(1, 5)).Select(place => new Rung(1 - (place * chance.NextDouble() / 20), chance.NextDouble() / 20, chance.Next(6) == 0)).ToArray();
        var pace = Pace.AsExpected;
        for (int run = chance.Next(20); run > 0; run--) pace.Learn(0.5 + chance.NextDouble(), 1);
        var waiting = Enumerable.Range(0, chance.Next(65)).Select(_ => new Promise(chance.NextDouble(), chance.NextDouble() / 50)).OrderBy(promise => promise.Left).ToArray();
        var decision = new RungDecision([.. rungs.Select((_, place) => $"rung-{place}")], rungs, waiting, pace, chance.NextDouble() / 4, chance.NextDouble(), chance.Next(rungs.Length), 0.9 + (chance.NextDouble() / 8), -1);
        return decision with { Chosen = decision.Decide() };
    }
}
