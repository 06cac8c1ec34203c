using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Images;
using EdgeRuntime.TestKit.Memory;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests;

/// <summary>Tests that read counters of the whole process: none runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}

/// <summary>The way of a request through the device, from the link's handler to the publication of its answer, allocates nothing once it is warm.</summary>
[Collection(WholeProcess.Name)]
public sealed class ServingAllocationTests
{
    private const int WarmUp = 200, Counted = 400;
    // Timers, thread pool and the runtime's own bookkeeping, which the counter of the whole process sees too. It comes and goes: what a request allocates
    // itself, 24 bytes at least, is in every round.
    private const long Noise = 16 * Counted;
    private const string Binary = "application/octet-stream";

    [Theory]
    [InlineData("application/json", """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("application/octet-stream", """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""")]
    public async Task Request_SteadyState_AllocatesNothing(string contentType, string header)
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken); // the background form is built and swapped in
        var answered = new SemaphoreSlim(0); // the device publishes once more when it stops
        device.Link.KeepsSent = false;
        device.Link.Published += () => answered.Release();
        var sender = new Sender(device, contentType, header);
        Ask(sender, answered, WarmUp);
        var series = Assert.Single(device.Metrics.Model("echo").All);
        int asked = WarmUp + AssertAllocatesNothing(() => Ask(sender, answered, Counted));
        // What was measured includes its recording, which comes after the answer.
        Assert.True(SpinWait.SpinUntil(() => series.Total.Count() == asked, TimeSpan.FromSeconds(10)), $"{series.Total.Count()} requests were recorded");
        Assert.Equal(asked, series.Counters[InferenceStatus.Ok]);
    }

    [Fact]
    public async Task Request_SeveralShareRuns_AllocateNothing()
    {
        const string Json = "application/json", Input = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";
        await using var device = await new TestDevice().With("echo", TestModels.Mlp(inputs: 4, hidden: 512)).StartAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var answered = new SemaphoreSlim(0);
        device.Link.KeepsSent = false;
        device.Link.Published += () => answered.Release();
        var sender = new Sender(device, Json, Input);
        AskTogether(sender, answered, 3 * WarmUp);
        AssertAllocatesNothing(() => AskTogether(sender, answered, Counted));
    }

    [Fact]
    public async Task Request_TwoRungsTakeTurns_AllocateNothing()
    {
        const string Json = "application/json", Input = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";
        await using var device = await new TestDevice().With("echo", TestModels.Mlp(4, 512), TestLadder.With(TestModels.Mlp(4, 8))).StartAsync();
        await device.WaitForLogAsync("variant int8 in service as well", 1);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var answered = new SemaphoreSlim(0);
        device.Link.KeepsSent = false;
        device.Link.Published += () => answered.Release();
        var (sender, lane) = (new Sender(device, Json, Input), device.Host.Lanes["echo"]);
        var caps = new[] { new RungCap(1, "it is warm"), RungCap.None };
        foreach (var cap in caps)
        {
            lane.Cap = cap;
            await Task.Delay(500, TestContext.Current.CancellationToken); // what a cap sets off
            while (answered.CurrentCount > 0) answered.Wait(TestContext.Current.CancellationToken);
            AskTogether(sender, answered, WarmUp);
            AssertAllocatesNothing(() => AskTogether(sender, answered, Counted));
        }
        Assert.Equal(["fp32", "int8"], device.Metrics.Model("echo").All.Where(series => series.Counters[InferenceStatus.Ok] > 0).Select(series => series.Variant).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Request_ImagesOfManySizes_AllocateNothing()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity(1, 1, 3, 48, -1), BundleEdits.TakesImages).StartAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var answered = new SemaphoreSlim(0);
        device.Link.KeepsSent = false;
        device.Link.Published += () => answered.Release();
        var sender = new Sender(device, "image/png", [.. Enumerable.Range(1, 8).Select(i => Png.Encode(40 * i, 24 + i, new byte[3 * 40 * i * (24 + i)]))]);
        Ask(sender, answered, WarmUp);
        AssertAllocatesNothing(() => Ask(sender, answered, Counted));
        Assert.Equal(0, device.Metrics.Model("echo").Count(InferenceStatus.InvalidArgument));
    }

    private static void AskTogether(Sender sender, SemaphoreSlim answered, int count)
    {
        const int AtOnce = 8;
        for (int i = 0; i < count; i += AtOnce)
        {
            for (int k = 0; k < AtOnce; k++) sender.Send();
            for (int k = 0; k < AtOnce; k++) Assert.True(answered.Wait(TimeSpan.FromSeconds(10)));
        }
    }

    // How many requests were asked until a round was free of noise.
    private static int AssertAllocatesNothing(Action round)
    {
        int rounds = 0;
        Assert.InRange(Allocation.LeastOfProcess(() => { rounds++; round(); }, enough: Noise), 0, Noise);
        return rounds * Counted;
    }

    private static void Ask(Sender sender, SemaphoreSlim answered, int count)
    {
        for (int i = 0; i < count; i++)
        {
            sender.Send();
            Assert.True(answered.Wait(TimeSpan.FromSeconds(10)));
        }
    }

    private sealed class Sender(TestDevice device, string contentType, params byte[][] payloads)
    {
        private const int Section = 16;

        public Sender(TestDevice device, string contentType, string header)
            : this(device, contentType, [.. Encoding.UTF8.GetBytes(header), .. contentType.EndsWith("json", StringComparison.Ordinal) ? [] : new byte[Section]]) { }

        private readonly byte[] _topic = Encoding.UTF8.GetBytes(Topics.Infer(TestDevice.Fleet, TestDevice.Device, "echo", TestDevice.Client));
        private readonly byte[] _answers = Encoding.UTF8.GetBytes(Topics.Client(TestDevice.Fleet, TestDevice.Client, "answers"));
        private readonly byte[] _type = Encoding.UTF8.GetBytes(contentType);
        private readonly byte[][] _payloads = payloads;
        private readonly MqttUserProperties _properties = Properties(contentType, payloads[0].Length - Section);
        private readonly byte[] _correlation = new byte[sizeof(int)];
        private int _sent;

        /// <summary>Sends the next payload, as another request than those before.</summary>
        public void Send()
        {
            BitConverter.TryWriteBytes(_correlation, ++_sent);
            device.Link.Deliver(new MqttPublication(_topic, _payloads[_sent % _payloads.Length])
            {
                ResponseTopic = _answers,
                CorrelationData = _correlation,
                ContentType = _type,
                Expiry = TimeSpan.FromSeconds(30),
                UserProperties = _properties,
            });
        }

        private static MqttUserProperties Properties(string contentType, int header)
        {
            var properties = new MqttUserProperties().Add("deadline-ms", "10000").Add("accept", contentType == Binary ? Binary : "application/json");
            return contentType == Binary ? properties.Add("inference-header-content-length"u8, header) : properties;
        }
    }
}
