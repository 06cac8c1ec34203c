namespace EdgeRuntime.Messaging;

public sealed partial class MosquittoLink
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _networkEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _drained;
    private volatile StopMode _stop;
    private bool _draining;

    private enum StopMode { None, Leave, Abandon }

    /// <inheritdoc/>
    public async Task DisconnectAsync(TimeSpan drain, CancellationToken cancellationToken)
    {
        try
        {
            await Drained().WaitAsync(drain, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The time for it is over: what is left is reported as Stopped.
        }
        finally
        {
            Stop(StopMode.Leave);
        }
        await EndedAsync(_networkEnded.Task).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Stop(StopMode.Abandon);
        await EndedAsync(_networkEnded.Task).ConfigureAwait(false);
        _inbox.Close();
        if (_started && Thread.CurrentThread != _dispatchThread) await EndedAsync(_dispatchEnded.Task).ConfigureAwait(false);
    }

    private Task Drained()
    {
        lock (_gate)
        {
            _draining = true;
            if (Holds) Flush_NeedsLock();
            if (_outgoingMessages == 0 || _stop != StopMode.None) return Task.CompletedTask;
            return (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Stop(StopMode mode)
    {
        lock (_gate)
        {
            if (_stop >= mode) return;
            _stop = mode;
            _draining = true;
        }
        _wake.Signal();
        if (!_started) Finish();
    }

    /// <summary>The network thread's last act, or the only one of a link that was never started.</summary>
    private void Finish()
    {
        lock (_gate)
        {
            if (_state == MqttLinkState.Stopped) return;
            StopOutgoing_NeedsLock();
            StopSubscriptions_NeedsLock();
            _answer?.TrySetException(Stopped());
            SetState_NeedsLock(MqttLinkState.Stopped, _stop == StopMode.Leave ? "disconnected" : "disposed without a disconnect");
        }
        _alarm.Dispose();
        _expiry.Dispose();
        _inbox.Complete();
        if (!_started || _options.IsHandlerQuick) EndDispatch();
        _wake.Dispose();
        _networkEnded.TrySetResult();
    }

    // Its thread may be held up by a name server or by a handler; it ends by itself when they do.
    private static async Task EndedAsync(Task ended)
    {
        try
        {
            await ended.WaitAsync(EndLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Waiting longer would let whoever holds it up hold up the program's end, too.
        }
    }
}
