using System.Net.Sockets;
using System.Text;

namespace EdgeRuntime.TestKit.Processes;

/// <summary>A service manager's end of sd_notify: a datagram socket with a path, or with an abstract name, for NOTIFY_SOCKET.</summary>
public sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifySocket(bool isAbstract = false)
    {
        Name = isAbstract ? "@edge-notify-" + Guid.NewGuid().ToString("n") : _folder["notify"];
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + Name[1..] : Name));
    }

    /// <summary>As it stands in NOTIFY_SOCKET.</summary>
    public string Name { get; }

    public bool HasMessage => _socket.Poll(0, SelectMode.SelectRead);

    public async Task<string> NextAsync()
    {
        var buffer = new byte[4096];
        using var late = new CancellationTokenSource(Patience);
        return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, late.Token));
    }

    /// <summary>Reads until a message that has this line.</summary>
    public async Task<string> UntilAsync(string line)
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.Split('\n').Contains(line)) return message;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
