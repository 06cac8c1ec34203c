namespace EdgeRuntime.TestKit.Kernels;

/// <summary>Kernels of machines as they show themselves.</summary>
public static class KernelTrees
{
    /// <summary>Where the container's cgroup lies.</summary>
    public const string Cgroup = "sys/fs/cgroup/";

    private const long Mebibyte = 1 << 20;

    /// <summary>A laptop: no cgroup limits, a battery, cores that count how often they were throttled, trip points that are not set.</summary>
    public static KernelTree X86()
    {
        var tree = new KernelTree().Memory(available: 6000, total: 8000).Zone(0, "acpitz", 47_000).Zone(1, "x86_pkg_temp", 52_000)
            .Trip(1, 0, "passive", 0).Trip(1, 1, "passive", -274_000).Supply("AC", "Mains").With("sys/class/power_supply/AC/online", 1)
            .Supply("BAT0", "Battery").With("sys/class/power_supply/BAT0/capacity", 80).With("sys/class/power_supply/BAT0/status", "Charging\n")
            .Supply("mouse", "Battery").With("sys/class/power_supply/mouse/scope", "Device\n").With("sys/class/power_supply/mouse/capacity", 3)
            .With("proc/self/cgroup", "0::/system.slice/edge-runtime.service\n")
            .With("proc/self/mountinfo", "24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n")
            .Limits("system.slice/edge-runtime.service/", "max", 300 * Mebibyte);
        for (var core = 0; core < 4; core++)
            tree.Clock(core, 1_800_000, 3_600_000).With($"sys/devices/system/cpu/cpu{core}/thermal_throttle/core_throttle_count", 2);
        return tree.Cooling(0, "Processor", 0).Cooling(1, "intel_powerclamp", -1).Cooling(2, "TFAN_fan", 7);
    }

    /// <summary>An Orin: an INA3221 whose first rail feeds the board, zones of which one is switched off, throttling by cooling devices.</summary>
    public static KernelTree Jetson() => new KernelTree().Memory(available: 4000, total: 7600)
        .Zone(0, "cpu-thermal", 61_500).Trip(0, 0, "active", 50_000).Trip(0, 1, "passive", 99_000).Trip(0, 2, "critical", 104_500)
        .Zone(1, "gpu-thermal", 60_000).Trip(1, 0, "passive", 99_000)
        .Zone(2, "cv0-thermal", -256_000)
        .Zone(3, "tj-thermal", 62_250).Trip(3, 0, "passive", 97_000)
        .Zone(10, "wifi-thermal", 99_000)
        .Cooling(0, "pwm-fan", 120).Cooling(1, "cpufreq-cpu0", 0).Cooling(2, "gpu-throttle-alert", 0)
        .Clock(0, 1_510_400, 1_510_400)
        .With("sys/class/hwmon/hwmon0/name", "tegra_pwm\n").With("sys/class/hwmon/hwmon3/name", "ina3221\n")
        .Rail(3, 1, "VDD_IN", 5040, 1480).Rail(3, 2, "VDD_CPU_GPU_CV", 5040, 520).Rail(3, 3, "VDD_SOC", 5040, 480)
        .With("proc/self/cgroup", "0::/\n").With("proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");

    /// <summary>A container with limits of its own and no sensors.</summary>
    public static KernelTree Container(long maxMebibytes, long usedMebibytes) => new KernelTree().Memory(available: 16_000, total: 32_000)
        .With("proc/self/cgroup", "0::/\n")
        .With("proc/self/mountinfo", "812 799 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw\n")
        .Limits("", maxMebibytes * Mebibyte + "", usedMebibytes * Mebibyte)
        .With(Cgroup + "memory.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")
        .With(Cgroup + "memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n");

    /// <summary>/proc/meminfo, in mebibytes.</summary>
    public static KernelTree Memory(this KernelTree tree, long available, long total) =>
        tree.With("proc/meminfo", $"MemTotal:       {total << 10} kB\nMemFree:          {available << 8} kB\nMemAvailable:   {available << 10} kB\nBuffers:          10 kB\n");

    /// <summary>A version 2 cgroup below the mount point; <paramref name="folder"/> ends with a slash or is empty.</summary>
    public static KernelTree Limits(this KernelTree tree, string folder, string max, long usedBytes, string high = "max", long idleBytes = 0, long mappedBytes = 5) => tree
        .With($"{Cgroup}{folder}memory.max", max + "\n").With($"{Cgroup}{folder}memory.high", high + "\n").With($"{Cgroup}{folder}memory.current", usedBytes)
        .With($"{Cgroup}{folder}memory.stat", $"anon 4096\nfile 8192\ninactive_anon 1\nfile_mapped {mappedBytes}\ninactive_file {idleBytes}\nactive_file 5\n");

    public static KernelTree Zone(this KernelTree tree, int zone, string type, long millidegrees) =>
        tree.With($"sys/class/thermal/thermal_zone{zone}/type", type + "\n").With($"sys/class/thermal/thermal_zone{zone}/temp", millidegrees);

    public static KernelTree Trip(this KernelTree tree, int zone, int trip, string type, long millidegrees) => tree
        .With($"sys/class/thermal/thermal_zone{zone}/trip_point_{trip}_type", type + "\n").With($"sys/class/thermal/thermal_zone{zone}/trip_point_{trip}_temp", millidegrees);

    public static KernelTree Cooling(this KernelTree tree, int device, string type, long state) =>
        tree.With($"sys/class/thermal/cooling_device{device}/type", type + "\n").With($"sys/class/thermal/cooling_device{device}/cur_state", state);

    public static KernelTree Clock(this KernelTree tree, int core, long now, long most) => tree
        .With($"sys/devices/system/cpu/cpu{core}/cpufreq/scaling_cur_freq", now).With($"sys/devices/system/cpu/cpu{core}/cpufreq/cpuinfo_max_freq", most);

    public static KernelTree Rail(this KernelTree tree, int monitor, int channel, string label, long millivolts, long milliamperes) => tree
        .With($"sys/class/hwmon/hwmon{monitor}/in{channel}_label", label + "\n").With($"sys/class/hwmon/hwmon{monitor}/in{channel}_input", millivolts)
        .With($"sys/class/hwmon/hwmon{monitor}/curr{channel}_input", milliamperes);

    private static KernelTree Supply(this KernelTree tree, string name, string type) => tree.With($"sys/class/power_supply/{name}/type", type + "\n");
}
