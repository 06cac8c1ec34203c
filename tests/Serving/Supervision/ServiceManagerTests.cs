using System.Globalization;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Supervision;
using EdgeRuntime.TestKit.Processes;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Supervision;

/// <summary>What systemd hears, over a real datagram socket.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private const string Beat = "WATCHDOG=1", MoreTime = "EXTEND_TIMEOUT_USEC=60000000";
    private readonly ManualTime _time = new();
    private readonly StringWriter _log = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Life_PathOrAbstractName_IsToldInOrder(bool isAbstract)
    {
        using var systemd = new NotifySocket(isAbstract);
        using var manager = Manager(systemd.Name);
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(MoreTime, await systemd.NextAsync());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(MoreTime, await systemd.NextAsync());
        manager.Ready(() => true, "2 models");
        Assert.Equal("READY=1\nSTATUS=2 models", await systemd.NextAsync());
        _time.Advance(TimeSpan.FromMinutes(5));
        manager.Status("one\nREADY=0");
        Assert.Equal("STATUS=one READY=0", await systemd.NextAsync());
        manager.Stopping();
        Assert.StartsWith("STOPPING=1\n", await systemd.NextAsync(), StringComparison.Ordinal);
        Assert.False(systemd.HasMessage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watchdog_ForThisProcess_IsFedAtHalfItsInterval(bool namesTheProcess)
    {
        using var systemd = new NotifySocket();
        using var manager = Manager(systemd.Name, "30000000", namesTheProcess ? Environment.ProcessId : null);
        manager.Ready(() => true, "");
        await systemd.NextAsync();
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(Beat, await systemd.NextAsync());
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(systemd.HasMessage);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(Beat, await systemd.NextAsync());
        manager.Stopping();
        await systemd.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(Beat, await systemd.NextAsync());
    }

    [Fact]
    public async Task Watchdog_DeviceNotAlive_IsNotFedUntilItIs()
    {
        bool alive = false;
        using var systemd = new NotifySocket();
        using var manager = Manager(systemd.Name, "2000000");
        manager.Ready(() => alive, "");
        await systemd.NextAsync();
        for (int i = 0; i < 5; i++) _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(systemd.HasMessage);
        Assert.Single(_log.ToString().Split("the watchdog is not fed")[1..]);
        alive = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Beat, await systemd.NextAsync());
    }

    [Theory]
    [InlineData("30000000", 1)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData(null, null)]
    public async Task Watchdog_OfAnotherProcessOrUnreadable_IsNotFed(string? interval, int? process)
    {
        using var systemd = new NotifySocket();
        using var manager = Manager(systemd.Name, interval, process);
        manager.Ready(() => true, "");
        await systemd.NextAsync();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(systemd.HasMessage);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("@")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Of_NoManager_DoesNothing(string? name)
    {
        var manager = Manager(name);
        Assert.Same(ServiceManager.None, manager);
        manager.Ready(() => throw new InvalidOperationException("asked without a watchdog"), "");
        manager.Stopping();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void Send_ManagerGoneOrNameTooLong_IsToldOnceAndHarmsNothing()
    {
        var systemd = new NotifySocket();
        using var manager = Manager(systemd.Name);
        systemd.Dispose();
        for (int i = 0; i < 3; i++) manager.Status("alone");
        Assert.Single(_log.ToString().Split("does not take messages")[1..]);
        Assert.Same(ServiceManager.None, Manager("/" + new string('x', 200)));
    }

    [Fact(Timeout = 20_000)]
    public async Task Send_ManagerReadsNothing_DoesNotBlock()
    {
        using var systemd = new NotifySocket();
        using var manager = Manager(systemd.Name);
        await Task.Run(() =>
        {
            for (int i = 0; i < 5000; i++) manager.Status(new string('x', 1000));
        }, TestContext.Current.CancellationToken);
        Assert.Contains("does not take messages", _log.ToString(), StringComparison.Ordinal);
    }

    private ServiceManager Manager(string? socket, string? watchdog = null, int? process = null)
    {
        var environment = new Dictionary<string, string?>
        {
            ["NOTIFY_SOCKET"] = socket,
            ["WATCHDOG_USEC"] = watchdog,
            ["WATCHDOG_PID"] = process?.ToString(CultureInfo.InvariantCulture),
        };
        return ServiceManager.Of(environment.GetValueOrDefault, Environment.ProcessId, new EventLog(_log, LogLevel.Info, json: false, _time), _time);
    }
}
