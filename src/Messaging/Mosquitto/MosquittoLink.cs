using System.Security.Cryptography;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

/// <summary>
/// The link over libmosquitto 2.0. One gate guards all state and every call into the library but the attempt's beginning: a publication goes
/// from the caller's thread to the socket where the queue is empty, and the network thread waits for the socket outside the gate.
/// </summary>
public sealed partial class MosquittoLink : IMqttLink
{
    private static readonly Lazy<int> Library = new(LibMosquitto.mosquitto_lib_init);

    private readonly Lock _gate = new();
    private readonly MqttLinkOptions _options;
    private readonly MqttMessageHandler _handler;
    private readonly TimeProvider _time;
    private readonly EventPump _events = new();
    private MosquittoConnection? _connection;
    private MqttServerLimits _limits = MqttServerLimits.Unknown;
    private volatile MqttLinkState _state;

    private MosquittoLink(MqttLinkOptions options, MqttMessageHandler handler, TimeProvider time, Random jitter)
    {
        (_options, _handler, _time) = (options, handler, time);
        _backoff = new Backoff(options.BackoffMinimum, options.BackoffMaximum, jitter);
        _inbox = new Inbox(options.InboxLimitMessages, options.InboxLimitBytes);
        _messages = new MqttMessagePool(options.InboxLimitMessages);
        _alarm = time.CreateTimer(static link => ((MosquittoLink)link!)._wake.Signal(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _expiry = time.CreateTimer(static link => ((MosquittoLink)link!).DropExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public event Action<MqttLinkState, string>? StateChanged;

    /// <inheritdoc/>
    public event Action<MqttLinkFault>? Faulted;

    /// <inheritdoc/>
    public MqttLinkState State => _state;

    /// <inheritdoc/>
    public MqttServerLimits Limits
    {
        get { lock (_gate) return _limits; }
    }

    /// <summary>A link that is not connected yet. Chance for the backoff comes from <paramref name="jitter"/>, which then is the link's alone.</summary>
    /// <exception cref="MqttLinkException">The options are wrong, with all their errors, or libmosquitto is not installed.</exception>
    public static MosquittoLink Create(MqttLinkOptions options, MqttMessageHandler handler, TimeProvider time, Random? jitter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(time);
        options.Require();
        RequireLibrary();
        return new MosquittoLink(options, handler, time, jitter ?? new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
    }

    private static void RequireLibrary()
    {
        try
        {
            if (Library.Value != 0)
                throw new MqttLinkException(MqttLinkError.LibraryUnavailable, $"libmosquitto failed to start: error {Library.Value}");
        }
        catch (DllNotFoundException missing)
        {
            throw new MqttLinkException(MqttLinkError.LibraryUnavailable, "libmosquitto.so.1 is missing: install the package libmosquitto1", missing);
        }
    }

    private void SetState_NeedsLock(MqttLinkState state, string why)
    {
        _state = state;
        _events.Post(() => StateChanged?.Invoke(state, why));
    }

    private void Fault(MqttLinkFaultKind kind, string text, Exception? exception = null)
    {
        var fault = new MqttLinkFault(kind, text, exception);
        _events.Post(() => Faulted?.Invoke(fault));
    }
}
