using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

public sealed class MosquittoLinkTests : MqttLinkContract
{
    protected override IMqttLink Create(MqttLinkOptions options, MqttMessageHandler handler, TimeProvider time, Random jitter) =>
        MosquittoLink.Create(options, handler, time, jitter);

    [Theory]
    [InlineData(MqttQos.AtMostOnce, false, 0)]
    [InlineData(MqttQos.AtLeastOnce, false, 0)]
    [InlineData(MqttQos.AtLeastOnce, true, 0)]
    [InlineData(MqttQos.AtMostOnce, false, 1)]
    [InlineData(MqttQos.AtLeastOnce, true, 2)]
    public async Task QuickHandler_AnswersABurst_AllArriveInOrderFromOneThread(MqttQos qos, bool throughFile, int patience)
    {
        const int Messages = 1000;
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { UnixSocket = throughFile, Extra = ["max_queued_messages 0"] });
        LinkProbe? answering = null;
        MqttLinkOptions Quick(MqttLinkOptions options) => options with { IsHandlerQuick = true, UnixSocket = throughFile ? broker.UnixSocketPath : null };
        await using var answerer = answering = await ReceiverAsync(broker.Port, "question", Quick);
        var threads = new HashSet<int>();
        answering.OnMessage = message =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            Assert.Equal(PublishStatus.Queued, answering.Link.TryPublish(new MqttPublication("answer"u8, message.Payload.Span) { Qos = qos, Patience = TimeSpan.FromMilliseconds(patience) }).Status);
        };
        await using var asker = await ReceiverAsync(broker.Port, "answer", options => Quick(options) with { ClientId = "asker", OutgoingLimitMessages = Messages });
        for (int i = 0; i < Messages; i++) asker.Link.TryPublish(Message("question", $"{i}"));
        for (int i = 0; i < Messages; i++) Assert.Equal($"{i}", (await asker.NextAsync()).Text);
        Assert.Single(threads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task Attend_WhileAnswersAreKeptBack_HandlesOnItsThreadOneAtATimeInOrder(int away)
    {
        const int Messages = 3000;
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Extra = ["max_queued_messages 0"] });
        await using var answering = await ReceiverAsync(broker.Port, "question", options => options with { IsHandlerQuick = true });
        var (inside, together, threads) = (0, 0, new HashSet<int>());
        answering.OnMessage = message =>
        {
            if (Interlocked.Increment(ref inside) > 1) Interlocked.Increment(ref together);
            threads.Add(Environment.CurrentManagedThreadId);
            answering.Link.TryPublish(new MqttPublication("answer"u8, message.Payload.Span) { Patience = TimeSpan.FromMilliseconds(1) });
            Interlocked.Decrement(ref inside);
        };
        await using var asker = await ReceiverAsync(broker.Port, "answer", options => options with { ClientId = "asker", OutgoingLimitMessages = Messages });
        using var one = new Computing(answering.Link, away);
        using var other = new Computing(answering.Link, away);
        for (int i = 0; i < Messages; i++) asker.Link.TryPublish(Message("question", $"{i}"));
        for (int i = 0; i < Messages; i++) Assert.Equal($"{i}", (await asker.NextAsync()).Text);
        Assert.Equal(0, together);
        Assert.NotEmpty(threads.Intersect([one.Id, other.Id]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Attend_NobodyComesBack_TheLinkHandlesWhatArrivesByItself(int away)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var answering = await ReceiverAsync(broker.Port, "question", options => options with { IsHandlerQuick = true });
        answering.OnMessage = message =>
            answering.Link.TryPublish(new MqttPublication("answer"u8, message.Payload.Span) { Patience = TimeSpan.FromMilliseconds(1) });
        await using var asker = await ReceiverAsync(broker.Port, "answer", options => options with { ClientId = "asker" });
        for (int i = 0; i < 50; i++)
        {
            answering.Link.TryPublish(Message("other", "crowd") with { Patience = TimeSpan.FromMilliseconds(1) });
            answering.Link.Attend(() => TimeSpan.FromMilliseconds(away));
            asker.Link.TryPublish(Message("question", $"{i}"));
            Assert.Equal($"{i}", (await asker.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task Attend_NothingIsKeptBack_LeavesAllToTheLink()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a", options => options with { IsHandlerQuick = true });
        var threads = new HashSet<int>();
        receiver.OnMessage = _ => threads.Add(Environment.CurrentManagedThreadId);
        await using var sender = await ConnectAsync(broker.Port, "sender");
        using var computing = new Computing(receiver.Link, away: 1000);
        for (int i = 0; i < 100; i++) sender.Link.TryPublish(Message("a", $"{i}"));
        for (int i = 0; i < 100; i++) Assert.Equal($"{i}", (await receiver.NextAsync()).Text);
        Assert.DoesNotContain(computing.Id, threads);
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce, true)]
    [InlineData(MqttQos.AtLeastOnce, true)]
    [InlineData(MqttQos.AtLeastOnce, false)]
    public async Task Publish_WithPatience_LeavesWithTheNextOrWhenItEnds(MqttQos qos, bool quick)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a");
        await using var sender = await ConnectAsync(broker.Port, "sender", options => options with { IsHandlerQuick = quick });
        MqttPublication Patient(string text, int seconds) => Message("a", text) with { Qos = qos, Patience = TimeSpan.FromSeconds(seconds) };
        sender.Link.TryPublish(Patient("one", 600));
        sender.Link.TryPublish(Patient("two", 600));
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(receiver.HasArrival);
        sender.Link.TryPublish(Message("a", "three") with { Qos = qos });
        foreach (var text in (string[])["one", "two", "three"]) Assert.Equal(text, (await receiver.NextAsync()).Text);
        var began = System.Diagnostics.Stopwatch.StartNew();
        sender.Link.TryPublish(Patient("four", 1));
        Assert.Equal("four", (await receiver.NextAsync()).Text);
        Assert.InRange(began.Elapsed.TotalSeconds, 0.9, 10);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(100, true)]
    public async Task Publish_WithPatience_WhatArrivesMeanwhileIsHandledAllTheSame(int patience, bool quick)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a", options => options with { IsHandlerQuick = quick });
        await using var sender = await ConnectAsync(broker.Port, "sender");
        for (int i = 0; i < 100; i++)
        {
            receiver.Link.TryPublish(Message("b", "held") with { Patience = TimeSpan.FromMilliseconds(patience) });
            sender.Link.TryPublish(Message("a", $"{i}"));
            Assert.Equal($"{i}", (await receiver.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task Publish_WithPatience_LeavesBeforeADisconnect()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a");
        await using var sender = await ConnectAsync(broker.Port, "sender");
        sender.Link.TryPublish(Message("a", "one") with { Patience = TimeSpan.FromMinutes(2) });
        await sender.Link.DisconnectAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal("one", (await receiver.NextAsync()).Text);
    }

    [Fact]
    public async Task QuickHandler_ThrowsOrDisposes_TheRestGoesOnAndEnds()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var link = await ReceiverAsync(broker.Port, "a", options => options with { IsHandlerQuick = true });
        var disposed = new TaskCompletionSource<Task>();
        link.OnMessage = message =>
        {
            string text = System.Text.Encoding.UTF8.GetString(message.Payload.Span);
            if (text == "throw") throw new InvalidOperationException(text);
            if (text == "dispose") disposed.SetResult(link.DisposeAsync().AsTask());
        };
        foreach (var text in (string[])["throw", "one", "dispose"]) link.Link.TryPublish(Message("a", text));
        Assert.Equal(MqttLinkFaultKind.HandlerThrew, (await link.FaultAsync()).Kind);
        Assert.Equal("one", (await link.NextAsync()).Text);
        await (await disposed.Task.WaitAsync(LinkProbe.Deadline, TestContext.Current.CancellationToken)).WaitAsync(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal(MqttLinkState.Stopped, link.Link.State);
    }

    [Fact]
    public async Task QuickHandler_InboxOfOne_NothingOfABurstIsDropped()
    {
        const int Messages = 300;
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Extra = ["max_queued_messages 0"] });
        await using var receiver = await ReceiverAsync(broker.Port, "a", options => options with { IsHandlerQuick = true, InboxLimitMessages = 1 });
        await using var sender = await ConnectAsync(broker.Port, "sender");
        for (int i = 0; i < Messages; i++) sender.Link.TryPublish(Message("a", $"{i}"));
        for (int i = 0; i < Messages; i++) Assert.Equal($"{i}", (await receiver.NextAsync()).Text);
        Assert.Equal(0, receiver.Link.Counters.DroppedIncoming);
    }

    [Fact]
    public async Task QuickHandler_Disconnect_WhatArrivedBeforeIsHandled()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ReceiverAsync(broker.Port, "a", options => options with { IsHandlerQuick = true });
        for (int i = 0; i < 50; i++) link.Link.TryPublish(Message("a", $"{i}"));
        await link.Link.DisconnectAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        var counters = link.Link.Counters;
        Assert.Equal(counters.Received, counters.Dispatched);
    }

    // A thread with runs of a millisecond, which attends to the link between them.
    private sealed class Computing : IDisposable
    {
        private readonly Thread _thread;
        private readonly ManualResetEventSlim _isOver = new();

        public Computing(IMqttLink link, int away)
        {
            _thread = new Thread(() =>
            {
                while (!_isOver.Wait(1)) link.Attend(() => TimeSpan.FromMilliseconds(away));
            });
            _thread.Start();
        }

        public int Id => _thread.ManagedThreadId;

        public void Dispose()
        {
            _isOver.Set();
            _thread.Join();
            _isOver.Dispose();
        }
    }
}
