using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

// The network thread: attempts, the connection's life, and the pauses between.
public sealed partial class MosquittoLink
{
    private static readonly TimeSpan KeepAliveCheck = TimeSpan.FromSeconds(1), LongestPoll = TimeSpan.FromMinutes(1), LeaveLimit = TimeSpan.FromSeconds(2);

    private readonly WakeUp _wake = new();
    private readonly Backoff _backoff;
    private readonly ITimer _alarm;

    private void RunNetwork()
    {
        ShortSlice.Take();
        while (_stop == StopMode.None)
        {
            var end = Attempt();
            if (_stop != StopMode.None) break;
            var pause = _backoff.Next();
            Report(end, pause);
            Pause(pause);
        }
        Finish();
    }

    private ConnectionEnd Attempt()
    {
        lock (_gate) SetState_NeedsLock(MqttLinkState.Connecting, $"connecting to {_options.Broker}");
        using var connection = new MosquittoConnection(_options, this);
        connection.Open();
        AwaitAnswer(connection);
        if (connection.End is null) Serve(connection);
        Detach();
        return connection.End!.Value;
    }

    private void AwaitAnswer(MosquittoConnection connection)
    {
        var deadline = Later(_time.GetTimestamp(), _options.ConnectTimeout);
        while (connection.Limits is null && connection.End is null)
        {
            var left = Until(deadline);
            if (left <= TimeSpan.Zero) connection.Abandon($"broker did not answer within {_options.ConnectTimeout.TotalSeconds:0.###} s");
            else if (_stop != StopMode.None) connection.Abandon("link is stopped");
            else
            {
                Arm(_alarm, left);
                var happened = _wake.Wait(connection.Socket, connection.Wanted(holds: false), LongestPoll);
                lock (_gate) connection.Step(happened);
            }
        }
        Disarm(_alarm);
    }

    private void Serve(MosquittoConnection connection)
    {
        var since = _time.GetTimestamp();
        Accept(connection);
        var more = true;
        while (connection.End is null && _stop != StopMode.Abandon)
        {
            var happened = _wake.Wait(connection.Socket, connection.Wanted(Holds, reads: !ReadsLater), more ? TimeSpan.Zero : LongestWait());
            if (_stop == StopMode.Leave) break;
            lock (_atWork) more = Work(connection, happened);
        }
        lock (_atWork)
        {
            if (_stop == StopMode.Leave) Leave(connection);
            if (_options.IsHandlerQuick) HandleArrived();
        }
        if (_stop == StopMode.Abandon) connection.Abandon("link is stopped");
        _backoff.Connected(_time.GetElapsedTime(since));
    }

    // Whether there may be more to read.
    private bool Work(MosquittoConnection connection, short happened)
    {
        var more = false;
        lock (_gate)
            if (IsToRead(happened)) more = connection.Receive(happened);
        if (_options.IsHandlerQuick) HandleArrived(); // first: an acknowledgement can wait, an answer takes it along
        lock (_gate)
        {
            if (connection.End is null) Pump_NeedsLock();
            if (!more) Looked_NeedsLock(connection);
            WriteDue_NeedsLock(connection);
            if (connection.End is null) connection.KeepAlive();
        }
        return more;
    }

    private void Leave(MosquittoConnection connection)
    {
        var deadline = Later(_time.GetTimestamp(), LeaveLimit);
        lock (_gate) connection.Leave(_wake);
        while (connection.End is null && Until(deadline) > TimeSpan.Zero && _stop != StopMode.Abandon)
        {
            var happened = _wake.Wait(connection.Socket, connection.Wanted(holds: false), KeepAliveCheck);
            lock (_gate) connection.Step(happened);
        }
        connection.Abandon("link is stopped");
    }

    private void Pause(TimeSpan pause)
    {
        var until = Later(_time.GetTimestamp(), pause);
        while (_stop == StopMode.None && Until(until) is var left && left > TimeSpan.Zero)
        {
            Arm(_alarm, left);
            _wake.Wait(LongestPoll);
        }
        Disarm(_alarm);
    }
}
