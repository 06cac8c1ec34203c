using EdgeRuntime.Device.Logging;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Device.Serving;

/// <summary>
/// Takes the requests of one lane, one after the other, on a thread of its own. Every request that it takes is answered and ended, whatever
/// happens on the way; the thread ends when the lane is closed and empty.
/// </summary>
internal sealed class LaneWorker : IDisposable
{
    private readonly ModelLane _lane;
    private readonly ModelServer _server;
    private readonly EventLog _log;
    private readonly Thread _thread;

    /// <param name="lane">Whose requests it takes.</param>
    /// <param name="server">What answers them; its own.</param>
    /// <param name="log">Where failures go.</param>
    public LaneWorker(ModelLane lane, ModelServer server, EventLog log)
    {
        (_lane, _server, _log) = (lane, server, log);
        _thread = new Thread(Work) { IsBackground = true, Name = lane.Name };
        _thread.Start();
    }

    /// <summary>Waits for the thread to end; false where it has not by then.</summary>
    public bool Join(TimeSpan wait) => _thread.Join(wait);

    /// <summary>Frees the worker's buffers; only after its thread has ended.</summary>
    public void Dispose() => _server.Dispose();

    private void Work()
    {
        ThreadAffinity.PinCurrentThread(_server.Model.Cpus);
        while (_lane.TryTake(out var pending))
        {
            try
            {
                _server.Serve(pending);
            }
            catch (Exception error)
            {
                // The lane outlives whatever kept this answer from being written.
                _log.Error(_lane.Name, $"an answer could not be written: {error.GetType().Name}: {error.Message}");
            }
            finally
            {
                pending.End();
            }
        }
    }
}
