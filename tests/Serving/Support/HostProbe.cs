using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.TestKit.Links;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Support;

/// <summary>The ends of a host in this process: the link on which it is asked and answers, and its log.</summary>
internal sealed class HostProbe : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StringWriter _lines = new();
    private readonly TextWriter _log;
    private readonly SemaphoreSlim _published = new(0);

    public HostProbe()
    {
        _log = TextWriter.Synchronized(_lines);
        Events = new EventLog(_log, LogLevel.Debug, json: false, TimeProvider.System);
    }

    /// <summary>The link of the host that was started last.</summary>
    public InMemoryLink Link { get; private set; } = null!;

    /// <summary>What the host logs to.</summary>
    public EventLog Events { get; }

    public string Log
    {
        get
        {
            lock (_log) return _lines.ToString(); // the lock that a synchronized writer takes
        }
    }

    public InMemoryLink Connect(MqttLinkOptions options, MqttMessageHandler handler)
    {
        Link = new InMemoryLink(options, handler, TimeProvider.System);
        Link.Published += () => _published.Release();
        return Link;
    }

    public async Task<SentMessage> WaitForAsync(Func<SentMessage, bool> isIt)
    {
        while (true)
        {
            if (Link?.Sent.LastOrDefault(isIt) is { } found) return found;
            Assert.True(await _published.WaitAsync(Patience, TestContext.Current.CancellationToken), $"nothing came within {Patience}; log:\n{Log}");
        }
    }

    public void Dispose() => _published.Dispose();
}
