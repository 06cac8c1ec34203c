using System.Buffers.Binary;
using System.Text;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Device;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.TestKit.Links;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>The device in this process, all of it real but the link: what remains is our code and the session.</summary>
internal sealed class InProcessDevice : IAsyncDisposable
{
    private const string Client = "me";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Glance = TimeSpan.FromMilliseconds(20);

    private readonly string _name = DeviceFolder.NewDevice();
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _lines = new();
    private readonly TextWriter _log;
    private readonly ServingHost _host;
    private readonly Task _running;
    private InMemoryLink? _link;

    private InProcessDevice(DeviceFolder folder, DeviceConfig config)
    {
        _log = TextWriter.Synchronized(_lines);
        var settings = RuntimeConfig.Load(folder.Configure(_name, config));
        var log = new EventLog(_log, LogLevel.Info, json: false, TimeProvider.System);
        _host = DeviceHost.Create(settings, (options, handler) => _link = new InMemoryLink(options, handler, TimeProvider.System), log, TimeProvider.System);
        _running = _host.RunAsync(_stop.Token);
    }

    public InMemoryLink Link => _link!;

    private string Log
    {
        get
        {
            lock (_log) return _lines.ToString(); // the lock that a synchronized writer takes
        }
    }

    /// <summary>Starts it and waits until its model runs in the form that it will keep.</summary>
    public static async Task<InProcessDevice> StartAsync(DeviceFolder folder, SignedBundle bundle)
    {
        var device = new InProcessDevice(folder, new DeviceConfig { Models = [new ServedBundle(bundle) { Threads = 1 }] });
        await device.AwaitAsync("in service");
        await device.AwaitAsync("Swapped:");
        device.Link.KeepsSent = false;
        return device;
    }

    /// <summary>A function that delivers this request as the link's dispatch thread would; it allocates nothing.</summary>
    public Action Asking(string model, BenchRequest request)
    {
        var topic = Encoding.UTF8.GetBytes(Topics.Infer(DeviceFolder.Fleet, _name, model, Client));
        var answers = Encoding.UTF8.GetBytes(Topics.Client(DeviceFolder.Fleet, Client, "answers"));
        var properties = request.Properties(Patience);
        var correlation = new byte[sizeof(long)]; // each another: one that came again would not be run again
        long asked = 0;
        return () =>
        {
            BinaryPrimitives.WriteInt64LittleEndian(correlation, ++asked);
            Link.Deliver(new MqttPublication(topic, request.Payload)
            {
                ResponseTopic = answers,
                CorrelationData = correlation,
                ContentType = request.ContentTypeUtf8,
                Expiry = Patience,
                UserProperties = properties,
            });
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
        await _host.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AwaitAsync(string line)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!Log.Contains(line, StringComparison.Ordinal))
        {
            if (late.IsCancellationRequested) throw new InvalidOperationException($"'{line}' is not in the log after {Patience.TotalSeconds} s\n{Log}");
            await Task.Delay(Glance);
        }
    }
}
