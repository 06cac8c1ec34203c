using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>One model on one device folder.</summary>
internal sealed record Subject(BenchRun Run, BenchSite Site, DeviceFolder Folder, LargeModel Model, SignedBundle Bundle)
{
    private const int RequestCount = 50, SmokeRequestCount = 5;

    public int Requests => Run.Smoke ? SmokeRequestCount : RequestCount;

    private readonly BenchRequest _request = BenchRequest.Tensor(Model.Input);

    public RunningDevice Start() => RunningDevice.Start(Folder, Bundle);

    /// <summary>Milliseconds of each of so many requests, one after the other.</summary>
    public async Task<IReadOnlyList<double>> AskAsync(RunningDevice device, int count)
    {
        var times = new List<double>(count);
        for (var i = 0; i < count; i++) times.Add(await Site.Client.TimeAsync(device, Model.Name, _request));
        return times;
    }

    public void Add(Figure figure) => Run.Report.Add(figure with { Id = $"{Model.Name}.{figure.Id}" });

    public void Says(string what) => Run.Says($"{Model.Name}: {what}");
}
