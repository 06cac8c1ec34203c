using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeRuntime.TestKit.Kernels;
using Microsoft.Win32.SafeHandles;

namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>
/// A thermal zone in a /sys of the bench's own, whose temperature follows what a device really does: of first order, towards the surroundings' plus so
/// many degrees for each core that the device keeps busy.
/// </summary>
internal sealed class SimulatedZone : IDisposable
{
    public const double Throttle = 85, Surroundings = 35;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(125);

    /// <summary>Within which a step of the load is followed to 63 %.</summary>
    public static readonly TimeSpan Inertia = TimeSpan.FromSeconds(20);

    private readonly KernelTree _tree = new KernelTree().Zone(0, "simulated-thermal", 0).Trip(0, 0, "passive", (long)(1000 * Throttle));
    private readonly SafeFileHandle _file;

    public SimulatedZone(double celsius)
    {
        _file = File.OpenHandle(_tree["sys/class/thermal/thermal_zone0/temp"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Become(celsius);
    }

    public string Root => _tree.Root;

    public double Celsius { get; private set; }

    public double Hottest { get; private set; } = double.NegativeInfinity;

    public void Become(double celsius)
    {
        (Celsius, Hottest) = (celsius, Math.Max(Hottest, celsius));
        // As long each time and in place, so that whoever reads meanwhile finds a whole number.
        RandomAccess.Write(_file, Encoding.ASCII.GetBytes(((long)(1000 * celsius)).ToString("D6", CultureInfo.InvariantCulture) + "\n"), 0);
    }

    /// <summary>Follows a process until <paramref name="load"/> has ended.</summary>
    /// <param name="process">The device.</param>
    /// <param name="gain">Degrees above the surroundings for one busy core.</param>
    /// <param name="load">What keeps it busy.</param>
    /// <returns>Temperatures and when they were reached.</returns>
    public async Task<IReadOnlyList<(long At, double Celsius)>> FollowAsync(int process, double gain, Task load)
    {
        var course = new List<(long, double)>();
        var busy = new BusyShare(process);
        while (!load.IsCompleted)
        {
            await Task.WhenAny(load, Task.Delay(Step));
            var (seconds, cores) = busy.Look();
            double towards = Surroundings + (gain * cores);
            Become(towards + ((Celsius - towards) * Math.Exp(-seconds / Inertia.TotalSeconds)));
            course.Add((Stopwatch.GetTimestamp(), Celsius));
        }
        return course;
    }

    public void Dispose()
    {
        _file.Dispose();
        _tree.Dispose();
    }
}
