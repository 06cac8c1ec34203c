using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Time;

namespace EdgeRuntime.Device.Tests.Degradation;

/// <summary>A slow loop over a tree, looked with by hand once a simulated second, and what it told.</summary>
internal sealed class WatchedLoop : IDisposable
{
    private readonly DeviceSensors _sensors;
    private readonly ManualTime _time = new();

    public WatchedLoop(KernelTree tree, RungMemory ladder, Func<SensorSettings, SensorSettings>? settings = null, SlowLoopInputs? inputs = null)
    {
        Settings = (settings ?? (same => same))(new SensorSettings { Root = tree.Root });
        _sensors = new DeviceSensors(Settings, _time);
        Loop = new SlowLoop(_sensors, inputs ?? new SlowLoopInputs { Ladder = () => ladder }, Settings, _time, Changes.Add);
    }

    public SensorSettings Settings { get; }

    public SlowLoop Loop { get; }

    public ConditionReport Report => Loop.Report;

    public List<ConditionReport> Changes { get; } = [];

    /// <summary>When the cap was raised and when it was lowered, in seconds from the start.</summary>
    public List<(int Second, int From, int To)> Moves { get; } = [];

    public int Second { get; private set; }

    /// <summary>Looks once a second for so long; before each look <paramref name="each"/> happens.</summary>
    public ConditionReport Pass(int seconds, Action? each = null)
    {
        for (var second = 0; second < seconds; second++)
        {
            int before = Report.Cap;
            each?.Invoke();
            Loop.Look();
            if (Report.Cap != before) Moves.Add((Second, before, Report.Cap));
            _time.Advance(TimeSpan.FromSeconds(1));
            Second++;
        }
        return Report;
    }

    public void Dispose() => _sensors.Dispose();
}
