using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

/// <summary>Whatever becomes of requests, each is answered once and counted once, as what its answer says.</summary>
public sealed class EveryRequestTests
{
    private const int Size = 128, QueueMessages = 4, PerClient = 3, Endless = 4000;
    private const string Echo = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.5,-1]}]}""";

    private static readonly TestRequest Lawful = TestRequest.Json(Echo), Matrix = TestRequest.Floats("x", [Size, Size], new float[Size * Size]);

    // Endings that are certain; what else happens depends on how fast this machine is.
    private static readonly string[] Certain =
        ["none", "malformed", "unknown_model", "unfit", "not_in_service", "expired", "quota", "queue_full", "displaced", "cancelled", "failed", "not_finite", "shutting_down"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_EndInManyWays_EachIsCountedOnceAsItsAnswerSays(int seed)
    {
        await using var device = await Device().StartAsync();
        using var asked = new AskedRequests(device, await device.Host.Http!.Listening);
        var random = new Random(seed);
        Func<AskedRequests, Task>[] endings = [OneByOneAsync, OverHttpAsync, QueueFillsAsync, QuotaFillsAsync, GivenUpAsync, DeadlinesPassAsync];
        for (int round = 0; round < 2; round++)
        {
            random.Shuffle(endings);
            foreach (var ending in endings) await ending(asked);
        }
        var metrics = device.Metrics;
        for (int i = 0; i < 3; i++) asked.Send("slow", Matrix with { Client = $"last-{i}" });
        await device.StopAsync();
        asked.ShouldBeWhatWasCounted(Exposition.Parse(Recorded.TextOf(metrics)), Certain);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Requests_AtRandomFromManyAtOnce_EachIsCountedOnceAsItsAnswerSays(int seed)
    {
        await using var device = await Device().StartAsync();
        using var asked = new AskedRequests(device, await device.Host.Http!.Listening);
        var random = new Random(seed);
        var sent = new List<byte[]>();
        var posted = new List<Task>();
        for (int i = 0; i < 200; i++)
        {
            string model = Models[random.Next(Models.Length)];
            if (random.Next(4) == 0) posted.Add(asked.PostAsync(model, random.Next(5) == 0 ? "{" : Echo, headers => headers.Add("deadline-ms", $"{random.Next(1, 2000)}")));
            else sent.Add(asked.Send(model, AtRandom(model, random)));
            if (sent.Count > 0 && random.Next(6) == 0) asked.Cancel(sent[random.Next(sent.Count)]);
            if (random.Next(8) == 0) await Task.Delay(random.Next(20), TestContext.Current.CancellationToken);
            if (i == 100) posted.Add(device.ReloadAsync());
        }
        await Task.WhenAll(posted);
        await asked.AllAsync();
        var metrics = device.Metrics;
        await device.StopAsync();
        asked.ShouldBeWhatWasCounted(Exposition.Parse(Recorded.TextOf(metrics)), ["none", "malformed", "unknown_model", "unknown_version", "not_in_service"]);
    }

    private static readonly string[] Models = ["echo", "echo", "slow", "slow", "slow", "log", "gone", "nobody"];

    private static TestRequest AtRandom(string model, Random random)
    {
        var request = model == "slow" ? Matrix : Lawful;
        return request with
        {
            Client = $"client-{random.Next(6)}",
            Retain = random.Next(20) == 0,
            HasCorrelation = random.Next(20) != 0,
            Properties = [("priority", $"{random.Next(10)}"), ("deadline-ms", $"{random.Next(1, 3000)}"), .. random.Next(10) == 0 ? [("model-version", "7")] : Array.Empty<(string, string)>()],
        };
    }

    [Fact]
    public async Task Requests_ARunHangs_EachIsCountedOnceAsItsAnswerSays()
    {
        var device = new TestDevice { Limits = new LimitSettings { HangGrace = TimeSpan.FromMilliseconds(100) }, Http = new HttpSettings { Port = 0 } };
        await using var ending = device;
        device.With(new ModelSettings { Name = "stubborn", Source = device.Bundles.Make("stubborn", TestModels.Stubborn(), ThisMachine.TargetName), Threads = 1 });
        await device.StartAsync();
        using var asked = new AskedRequests(device, await device.Host.Http!.Listening);
        for (int deadline = 200; device.Host.Catalog.LostRuns == 0; deadline *= 2)
        {
            asked.Send("stubborn", Shape(Endless) with { Properties = [("deadline-ms", $"{deadline}")] });
            asked.Send("stubborn", Shape(2));
            await asked.AllAsync();
        }
        var metrics = device.Metrics;
        await device.StopAsync();
        asked.ShouldBeWhatWasCounted(Exposition.Parse(Recorded.TextOf(metrics)), ["hung"]);
    }

    private static TestDevice Device() => new TestDevice
    {
        Limits = new LimitSettings { QueueMessages = QueueMessages, PerClient = PerClient, PayloadBytes = new ByteCount(256 << 10), Drain = TimeSpan.FromMilliseconds(1) },
        Http = new HttpSettings { Port = 0 },
    }.With("echo", TestModels.Identity()).With("slow", TestModels.Slow(Size, steps: 2000)).With("reshape", TestModels.Reshape(3)).With("log", TestModels.Logarithm())
        .With(new ModelSettings { Name = "gone" });

    private static async Task OneByOneAsync(AskedRequests asked)
    {
        asked.Send("echo", Lawful);
        asked.Send("echo", Lawful with { Retain = true });
        asked.Send("echo", Lawful with { Expiry = null });
        asked.Send("echo", Lawful with { HasCorrelation = false });
        asked.Send("echo", Lawful with { ResponseTopic = "edge/v1/lab/c/you/answers" });
        await asked.AllAsync();
        foreach (var (name, value) in ((string, string)[])[("deadline-ms", "0"), ("priority", "12"), ("offload", "only")])
            asked.Send("echo", Lawful with { Properties = [(name, value)] });
        asked.Send("echo", TestRequest.Json("{"));
        await asked.AllAsync();
        asked.Send("reshape", TestRequest.Floats("x", [4], 1, 2, 3, 4));
        await asked.AllAsync();
        asked.Send("log", TestRequest.Floats("x", [2], 1, -1));
        await asked.AllAsync();
        asked.Send("gone", Lawful);
        asked.Send("nobody", Lawful);
        await asked.AllAsync();
    }

    private static async Task OverHttpAsync(AskedRequests asked)
    {
        await asked.PostAsync("echo", Echo);
        await asked.PostAsync("echo", "{");
        await asked.PostAsync("nobody", Echo);
        await asked.PostAsync("gone", Echo);
        await asked.PostAsync("echo/versions/7", Echo);
        await asked.PostAsync("echo", Echo, headers => headers.Add("deadline-ms", "soon"));
        await asked.PostAsync("echo", Echo, headers => headers.Add("origin", "http://page.example"));
        await asked.PostAsync("echo", Echo, headers => headers.TryAddWithoutValidation("accept", "text/html"));
        await asked.PostAsync("echo", new string(' ', 300 << 10), headers => headers.ExpectContinue = true);
        await asked.PostAsync("slow", Echo);
    }

    private static async Task QueueFillsAsync(AskedRequests asked)
    {
        for (int i = 0; i < QueueMessages + 3; i++) asked.Send("slow", Matrix with { Client = $"low-{i}", Properties = [("priority", "0")] });
        asked.Send("slow", Matrix with { Client = "high", Properties = [("priority", "9")] });
        await asked.AllAsync();
    }

    private static async Task QuotaFillsAsync(AskedRequests asked)
    {
        for (int i = 0; i < PerClient + 2; i++) asked.Send("slow", Matrix);
        await asked.AllAsync();
    }

    private static async Task GivenUpAsync(AskedRequests asked)
    {
        var sent = Enumerable.Range(0, PerClient).Select(_ => asked.Send("slow", Matrix)).ToList();
        foreach (var correlation in sent.Skip(1)) asked.Cancel(correlation);
        asked.Cancel(sent[0]); // which runs, most likely
        asked.Cancel(sent[1]);
        await asked.AllAsync();
    }

    private static async Task DeadlinesPassAsync(AskedRequests asked)
    {
        foreach (int deadline in (int[])[1, 20, 300]) asked.Send("slow", Matrix with { Client = $"hasty-{deadline}", Properties = [("deadline-ms", $"{deadline}")] });
        await asked.AllAsync();
    }

    private static TestRequest Shape(int size) =>
        TestRequest.Json($$"""{"inputs":[{"name":"shape","shape":[2],"datatype":"INT64","data":[{{size}},{{size}}]}]}""") with { Properties = [("deadline-ms", "20000")] };
}
