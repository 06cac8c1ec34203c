using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Transport.Repeats;
using EdgeRuntime.TestKit.Memory;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Transport.Repeats;

/// <summary>The clock of these counts from 0, and every request has until 100.</summary>
public sealed class RecentRequestsTests
{
    private const long Due = 100;

    private readonly RecentRequests _recent = new();
    private readonly byte[] _kept = new byte[RecentRequests.Longest];

    [Fact]
    public void Enter_UnderWay_IsRunOnceUntilItsDeadline()
    {
        Assert.Equal(Repeat.None, Enter(1));
        Assert.Equal(Repeat.UnderWay, Enter(1));
        Assert.Equal(Repeat.None, Enter(2));
        Assert.Equal(Repeat.None, Enter(1, now: Due));
        Assert.Equal(1, _recent.Repeated);
    }

    [Fact]
    public void Enter_Answered_GivesTheAnswerAgain()
    {
        Enter(1);
        Answer(1, "hello");
        Enter(2);
        Assert.Equal(Repeat.Answered, Enter(1, out int length));
        var properties = new MqttUserProperties();
        Assert.Equal(PayloadFormat.Binary, KeptAnswer.Read(_kept.AsSpan(0, length), properties, out var payload));
        Assert.Equal("hello", Encoding.UTF8.GetString(payload));
        Assert.Equal(("status", "OK", "empty", ""), (Text(properties.Name(0)), Text(properties.Value(0)), Text(properties.Name(1)), Text(properties.Value(1))));
        Assert.Equal(Repeat.None, Enter(1, now: Due));
    }

    [Fact]
    public void Leave_CameToNothing_MayBeTriedAgain()
    {
        Enter(1);
        _recent.Leave(1);
        Assert.Equal(Repeat.None, Enter(1));
        Answer(3, "nobody's");
        Assert.Equal(Repeat.None, Enter(3));
    }

    [Fact]
    public void Answered_TooLongToKeep_IsRunAgain()
    {
        Enter(1);
        Answer(1, new string('x', RecentRequests.Longest));
        Assert.Equal(Repeat.None, Enter(1));
    }

    [Fact]
    public void Answered_OverwrittenSince_IsRunAgain()
    {
        int each = RecentRequests.Longest / 2, kept = RecentRequests.Ring / RecentRequests.Longest; // what is broken off at the end of the ring is lost
        for (int i = 0; i < 100; i++)
        {
            Enter((UInt128)i);
            Answer((UInt128)i, new string('x', each));
        }
        Assert.Equal(Repeat.None, Enter(0));
        for (int i = 100 - kept; i < 100; i++) Assert.Equal(Repeat.Answered, Enter((UInt128)i));
    }

    [Fact]
    public void Enter_MoreThanAreKnown_TheOldestAreForgotten()
    {
        const int Count = (10 * RecentRequests.Most) / 3 * 3;
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(Repeat.None, Enter((UInt128)i));
            if (i % 3 == 0) _recent.Leave((UInt128)i);
            if (i % 3 == 1) Answer((UInt128)i, "short");
        }
        Assert.Equal(Repeat.None, Enter(1));
        Assert.Equal(Repeat.UnderWay, Enter(Count - 1));
        Assert.Equal(Repeat.Answered, Enter(Count - 2));
    }

    [Fact]
    public void Enter_AndAnswer_AllocateNothing()
    {
        var properties = Properties();
        int next = 0;
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 3 * RecentRequests.Most; i++) Cycle(next++, properties);
        }));
    }

    private void Cycle(int i, MqttUserProperties properties)
    {
        _recent.Enter((UInt128)i, Due, 0, _kept, out _);
        if (i % 4 == 0) _recent.Leave((UInt128)i);
        else _recent.Answered((UInt128)i, PayloadFormat.Json, properties, "answer"u8);
        _recent.Enter((UInt128)i, Due, 0, _kept, out _);
    }

    private Repeat Enter(UInt128 print, long now = 0) => _recent.Enter(print, now + Due, now, _kept, out _);

    private Repeat Enter(UInt128 print, out int length) => _recent.Enter(print, Due, 0, _kept, out length);

    private void Answer(UInt128 print, string payload) => _recent.Answered(print, PayloadFormat.Binary, Properties(), Encoding.UTF8.GetBytes(payload));

    private static MqttUserProperties Properties() => new MqttUserProperties().Add("status", "OK").Add("empty", "");

    private static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
