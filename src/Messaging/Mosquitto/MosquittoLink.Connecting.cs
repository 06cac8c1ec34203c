namespace EdgeRuntime.Messaging;

public sealed partial class MosquittoLink
{
    private TaskCompletionSource? _answer;
    private string _lastFailure = "no attempt has ended yet";
    private long _connects;
    private bool _started;

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Accepted().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException($"not connected to {_options.Broker}: {_lastFailure}", cancelled, cancellationToken);
        }
    }

    private Task Accepted()
    {
        lock (_gate)
        {
            if (_stop != StopMode.None) throw Stopped();
            if (_connection is not null) return Task.CompletedTask;
            if (!_started) StartThreads();
            _started = true;
            return (_answer ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void StartThreads()
    {
        new Thread(RunNetwork) { IsBackground = true, Name = "mqtt network" }.Start();
        if (!_options.IsHandlerQuick) new Thread(RunDispatch) { IsBackground = true, Name = "mqtt dispatch" }.Start();
    }

    private void Accept(MosquittoConnection connection)
    {
        lock (_gate)
        {
            (_connection, _limits) = (connection, connection.Limits!.Value);
            _connects++;
            SetState_NeedsLock(MqttLinkState.Connected, $"connected to {_options.Broker}{(_limits.SessionPresent ? ", session resumed" : "")}");
            _answer?.TrySetResult();
            _answer = null;
            SubscribeAll_NeedsLock();
            Pump_NeedsLock();
            connection.Flush();
        }
    }

    /// <summary>The connection is gone: what was not acknowledged waits again, what cannot be sent again is lost.</summary>
    private void Detach()
    {
        lock (_gate)
        {
            if (_connection is null) return;
            (_connection, _heldUntil) = (null, long.MaxValue);
            _subscribing.Clear();
            Requeue_NeedsLock();
        }
        DropExpired();
    }

    private void Report(ConnectionEnd end, TimeSpan pause)
    {
        lock (_gate)
        {
            _lastFailure = end.Reason;
            SetState_NeedsLock(MqttLinkState.Disconnected, $"{end.Reason}; next attempt in {pause.TotalMilliseconds:0} ms");
            if (end.Error is not { } error || _answer is null) return;
            _answer.TrySetException(new MqttLinkException(error, $"{_options.Broker}: {end.Reason}"));
            _answer = null;
        }
    }

    private MqttLinkException Stopped() => new(MqttLinkError.Stopped, $"link to {_options.Broker} is stopped");
}
