using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Serving.Supervision;

/// <summary>
/// What systemd is told of this process (sd_notify): that it still starts, is ready, is alive, stops. Where no manager listens every call does
/// nothing. Never blocks and never throws: a manager that does not take its messages ends the process by itself. Thread-safe.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    /// <summary>Says nothing to nobody.</summary>
    public static readonly ServiceManager None = new(null, null, static _ => { }, TimeProvider.System);

    // While it starts, more time is asked for every StartBeat, so that a large model may take longer than TimeoutStartSec.
    private static readonly TimeSpan StartBeat = TimeSpan.FromSeconds(10), StartExtension = TimeSpan.FromSeconds(60);

    private const int LongestName = 107; // sun_path, with its closing zero

    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;
    private readonly Action<string> _complain;
    private readonly TimeSpan? _watchdog;
    private readonly ITimer? _timer;
    private readonly Lock _gate = new();
    private Func<bool>? _isAlive;
    private bool _dead, _complained;

    private ServiceManager(UnixDomainSocketEndPoint? manager, TimeSpan? watchdog, Action<string> complain, TimeProvider time)
    {
        (_manager, _watchdog, _complain) = (manager, watchdog, complain);
        if (manager is null) return;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        _timer = time.CreateTimer(static self => ((ServiceManager)self!).Beat(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm(TimeSpan.Zero);
    }

    /// <summary>The manager that the environment names: NOTIFY_SOCKET, and the watchdog where WATCHDOG_USEC is meant for this process.</summary>
    /// <param name="variable">Reads the environment.</param>
    /// <param name="process">This process.</param>
    /// <param name="log">Where it is told if the manager cannot be reached.</param>
    /// <param name="time">The clock of the watchdog.</param>
    public static ServiceManager Of(Func<string, string?> variable, int process, EventLog log, TimeProvider time)
    {
        if (EndPoint(variable("NOTIFY_SOCKET")) is not { } manager) return None;
        return new ServiceManager(manager, Watchdog(variable, process), text => log.Warning("systemd", text), time);
    }

    /// <summary>The process serves. From now on the watchdog is fed for as long as <paramref name="isAlive"/> says so; it must not block.</summary>
    public void Ready(Func<bool> isAlive, string status)
    {
        lock (_gate)
        {
            _isAlive = isAlive;
            Send_NeedsLock($"READY=1\nSTATUS={Line(status)}");
            Arm(_watchdog is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        }
    }

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string text)
    {
        lock (_gate) Send_NeedsLock($"STATUS={Line(text)}");
    }

    /// <summary>The process ends on purpose; the watchdog is fed until it has.</summary>
    public void Stopping()
    {
        lock (_gate) Send_NeedsLock("STOPPING=1\nSTATUS=answering what was accepted");
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate) _socket?.Dispose();
    }

    private void Beat()
    {
        lock (_gate)
        {
            if (_isAlive is null) Send_NeedsLock($"EXTEND_TIMEOUT_USEC={(long)StartExtension.TotalMicroseconds}");
            else if (_isAlive()) Send_NeedsLock("WATCHDOG=1");
            else ComplainOfDeath_NeedsLock();
            Arm(_isAlive is null ? StartBeat : _watchdog!.Value / 2);
        }
    }

    private void ComplainOfDeath_NeedsLock()
    {
        if (!_dead) _complain("a part of the device has stopped working: the watchdog is not fed");
        _dead = true;
    }

    private void Arm(TimeSpan due) => _timer?.Change(due, Timeout.InfiniteTimeSpan);

    private void Send_NeedsLock(string message)
    {
        if (_socket is null) return;
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), _manager!);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            if (!_complained) _complain($"the service manager does not take messages: {error.Message}");
            _complained = true;
        }
    }

    private static string Line(string text) => text.ReplaceLineEndings(" ");

    // '@' stands for the zero byte of an abstract name. Anything else that is no absolute path (vsock:), or too long for the kernel, is no manager.
    private static UnixDomainSocketEndPoint? EndPoint(string? name) => name switch
    {
        { Length: < 2 or > LongestName } => null,
        ['/', ..] => new UnixDomainSocketEndPoint(name),
        ['@', ..] => new UnixDomainSocketEndPoint("\0" + name[1..]),
        _ => null,
    };

    private static TimeSpan? Watchdog(Func<string, string?> variable, int process)
    {
        if (!long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) || microseconds is < 1 or > (long)1e15) return null;
        return variable("WATCHDOG_PID") is { Length: > 0 } owner && owner != process.ToString(CultureInfo.InvariantCulture) ? null : TimeSpan.FromMicroseconds(microseconds);
    }
}
