using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Catalog;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

public sealed class ModelCatalogTests
{
    [Fact]
    public async Task Start_TwoModelsAreSuspect_EachWaitsByAChanceOfItsOwn()
    {
        using var folder = new TempFolder();
        for (int end = 0; end < 2; end++) EndUncleanly(folder.Path, "one", "two");
        var (chance, lanes) = (new SharedChance(), new ModelLanes([]));
        using var cache = new SessionCache(folder.Path, ByteCount.FromMebibytes(1));
        using var catalog = new ModelCatalog(Settings(folder.Path, "one", "two"), lanes, Parts(cache, chance));
        await catalog.StartAsync(TestContext.Current.CancellationToken);
        Assert.All(lanes.All, lane => Assert.Equal(ModelState.Quarantined, lane.Standing.State));
        Assert.Equal((2, 0), (chance.Seeds, chance.Others));
        Assert.NotEqual(lanes["one"].Standing.ReopensAt, lanes["two"].Standing.ReopensAt);
        foreach (var lane in lanes.All) lane.Close();
        await catalog.CloseAsync(TimeSpan.FromSeconds(5));
        Assert.True(catalog.Join(TimeSpan.FromSeconds(5)));
    }

    // One source for several threads, each behind a lock of its own, would be one that none of them guards.
    private sealed class SharedChance : Random
    {
        public SharedChance()
            : base(7) { }

        public int Seeds { get; private set; }
        public int Others { get; private set; }

        public override int Next()
        {
            Seeds++;
            return base.Next();
        }

        public override double NextDouble()
        {
            Others++;
            return base.NextDouble();
        }
    }

    private static void EndUncleanly(string root, params string[] busy)
    {
        using var journal = CrashJournal.Open(root, CrashJournal.BootId, TimeProvider.System);
        foreach (var model in busy) journal.Slot(model).Mark(CrashMark.Running, true);
    }

    private static ServingSettings Settings(string root, params string[] models) => new()
    {
        Fleet = "lab",
        Role = "device",
        Name = "dev-1",
        Root = root,
        Target = Target.Load(ThisMachine.TargetName),
        Broker = null,
        Models = [.. models.Select(name => new ModelSettings { Name = name })],
        Trust = null,
        Limits = new LimitSettings(),
        Log = new LogSettings(),
    };

    private static CatalogParts Parts(SessionCache cache, Random chance)
    {
        var log = new EventLog(TextWriter.Null, LogLevel.Debug, json: false, TimeProvider.System);
        return new CatalogParts
        {
            Cache = cache,
            Turns = new ComputeTurns(1, TimeProvider.System),
            Server = (_, _) => throw new InvalidOperationException("nothing is served"),
            Added = static _ => { },
            Removed = static _ => { },
            Dismissal = new Dismissal(new Responder(new ResponseCounters(log)), new DeviceMetrics("0.1.0", TimeProvider.System), TimeProvider.System),
            Told = static _ => { },
            Changed = static () => { },
            Exhausted = static _ => { },
            Log = log,
            Time = TimeProvider.System,
            Chance = chance,
        };
    }
}
