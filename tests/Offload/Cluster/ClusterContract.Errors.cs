using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

public abstract partial class ClusterContract
{
    /// <summary>Troubles of messages that this protocol can have.</summary>
    private protected abstract Trouble[] BadMessages { get; }

    [Theory]
    [InlineData("other", "", InferenceStatus.NotFound, "no model 'other'")]
    [InlineData("echo", "2", InferenceStatus.NotFound, "has no version '2'")]
    [InlineData("cold", "", InferenceStatus.Unavailable, "is being loaded")]
    [InlineData("pair", "", InferenceStatus.InvalidArgument, "takes 2 inputs, not 1")]
    public async Task Infer_RequestThatTheServerRefuses_IsToldInItsWords(string model, string version, InferenceStatus status, string text)
    {
        var outcome = await InferAsync(model, Requests.Echo(), version);
        Assert.Equal((status, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.Contains(text, outcome.Message, StringComparison.Ordinal);
        Assert.Contains($"model '{model}'", outcome.Message, StringComparison.Ordinal);
        Assert.Contains($"server '{Client.Address}'", outcome.Message, StringComparison.Ordinal);
        await AssertServesAsync();
    }

    [Fact]
    public async Task Infer_WrongTypeShapeOrOutput_IsInvalidArgument()
    {
        var shape = new InferenceRequest();
        shape.Inputs.Add("x"u8, TensorDataType.Float32, [1, 3], new byte[12]);
        var type = new InferenceRequest();
        type.Inputs.Add("x"u8, TensorDataType.Int32, [1, 4], new byte[16]);
        var output = Requests.Echo();
        output.Outputs.Add("z"u8);
        foreach (var request in new[] { shape, type, output })
            Assert.Equal(InferenceStatus.InvalidArgument, (await InferAsync(ServedModels.Echo, request)).Status);
    }

    [Fact]
    public async Task Infer_FullQueue_IsResourceExhaustedWithItsRetryAfter()
    {
        Cluster.Trouble = Trouble.Overloaded;
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((InferenceStatus.ResourceExhausted, ClusterFault.Refused, TimeSpan.FromSeconds(2)), (outcome.Status, outcome.Fault, outcome.RetryAfter));
        Assert.EndsWith(": the queue is full", outcome.Message, StringComparison.Ordinal);
        await AssertServesAsync();
    }

    [Fact]
    public async Task Infer_ServerThatIsNotThere_IsUnavailable_AndItsWordsMoveNoCursor()
    {
        Cluster.Trouble = Trouble.Unavailable;
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((InferenceStatus.Unavailable, ClusterFault.Refused, TimeSpan.FromSeconds(1)), (outcome.Status, outcome.Fault, outcome.RetryAfter));
        Assert.EndsWith("upstream connect error?", outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Crash", InferenceStatus.Internal, "CUDA out of memory")]
    [InlineData("GatewayTimeout", InferenceStatus.DeadlineExceeded, "HTTP 504")]
    [InlineData("Redirect", InferenceStatus.Internal, "HTTP 307")]
    public async Task Infer_ServerThatFails_IsToldApart(string trouble, InferenceStatus status, string text)
    {
        Cluster.Trouble = Enum.Parse<Trouble>(trouble);
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((status, ClusterFault.Refused, null), (outcome.Status, outcome.Fault, outcome.RetryAfter));
        Assert.Contains(text, outcome.Message, StringComparison.Ordinal);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData("HangBeforeHead")]
    [InlineData("HangInBody")]
    public async Task Infer_ServerThatHangs_IsLate_AndTheServerIsTold(string trouble)
    {
        await AssertServesAsync();
        Cluster.Trouble = Enum.Parse<Trouble>(trouble);
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo(), budget: TimeSpan.FromMilliseconds(300));
        Assert.Equal((InferenceStatus.DeadlineExceeded, ClusterFault.Late), (outcome.Status, outcome.Fault));
        Assert.Contains("within the 300 ms", outcome.Message, StringComparison.Ordinal);
        Assert.True(await Cluster.GivenUp.WaitAsync(Ample, Cancellation));
        await AssertServesAsync();
    }

    [Fact]
    public async Task Infer_GivenUp_IsCancelled_AndTheServerIsTold()
    {
        await AssertServesAsync();
        Assert.True(await Cluster.Arrived.WaitAsync(Ample, Cancellation));
        Cluster.Trouble = Trouble.HangBeforeHead;
        using var caller = new CancellationTokenSource();
        var call = Client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, caller.Token);
        Assert.True(await Cluster.Arrived.WaitAsync(Ample, Cancellation));
        await caller.CancelAsync();
        var outcome = await call.WaitAsync(Ample, Cancellation);
        Assert.Equal((InferenceStatus.Cancelled, ClusterFault.Cancelled), (outcome.Status, outcome.Fault));
        Assert.True(await Cluster.GivenUp.WaitAsync(Ample, Cancellation));
        await AssertServesAsync();
    }

    [Fact]
    public async Task Infer_NoTimeLeft_IsLateWithoutTheServer()
    {
        Assert.Equal(InferenceStatus.DeadlineExceeded, (await InferAsync(ServedModels.Echo, Requests.Echo(), budget: TimeSpan.Zero)).Status);
        Assert.Empty(Cluster.Seen);
    }

    [Theory]
    [InlineData("Reset")]
    [InlineData("ResetInBody")]
    public async Task Infer_ConnectionThatBreaks_IsUnavailable(string trouble)
    {
        Cluster.Trouble = Enum.Parse<Trouble>(trouble);
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((InferenceStatus.Unavailable, ClusterFault.Unreachable), (outcome.Status, outcome.Fault));
        await AssertServesAsync();
    }

    [Fact]
    public async Task Infer_NobodyListens_IsUnavailable()
    {
        var free = new UriBuilder(Cluster.Http) { Port = TestKit.Brokers.MosquittoBroker.FreePort() }.Uri;
        using var client = ClusterClients.Open(Options(Cluster) with { Url = free }, TimeProvider.System);
        var outcome = await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, Cancellation);
        Assert.Equal((InferenceStatus.Unavailable, ClusterFault.Unreachable), (outcome.Status, outcome.Fault));
        Assert.Contains($"server '{client.Address}' cannot be reached", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_AnswersToSomethingElse_AreNoAnswers()
    {
        var metadata = await MetadataAsync(ServedModels.Echo);
        foreach (var (trouble, text) in new[]
        {
            (Trouble.OtherModel, "of model 'another'"), (Trouble.OtherVersion, "of version '2'"), (Trouble.OtherId, "the id 'another', 'r' was asked"),
            (Trouble.OtherDataType, "is INT32, the model's is FP32"), (Trouble.OtherShape, "the shape [4], the model's has [-1,4]"),
            (Trouble.MissingOutput, "output 'y' is missing"), (Trouble.UnknownDataType, "datatype 'FP8'"), (Trouble.TwiceTheOutput, "two tensors are named 'y'"),
        })
        {
            Cluster.Trouble = trouble;
            var request = Requests.Any(TensorDataType.Float32, [1, 4], Requests.Sample("FP64")[..16]);
            if (InJson) request = Requests.Echo([1, 2, 3, 4]);
            request.SetId("r"u8);
            request.Outputs.Add("y"u8);
            var outcome = await InferAsync(ServedModels.Echo, request, "1", metadata);
            Assert.True((InferenceStatus.Internal, ClusterFault.BadAnswer) == (outcome.Status, outcome.Fault), $"{trouble}: {outcome}");
            Assert.Contains(text, outcome.Message, StringComparison.Ordinal);
        }
        await AssertServesAsync();
    }

    [Fact]
    public async Task Infer_BadMessages_AreNoAnswers_WhateverIsWrong()
    {
        using var client = ClusterClients.Open(Options(Cluster) with { Limits = new ProtocolLimits { MaxPayloadBytes = 1 << 20 } }, TimeProvider.System);
        Assert.NotEmpty(BadMessages);
        foreach (var trouble in BadMessages)
        {
            Cluster.Trouble = trouble;
            var outcome = await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, Cancellation);
            Assert.True((InferenceStatus.Internal, ClusterFault.BadAnswer) == (outcome.Status, outcome.Fault), $"{trouble}: {outcome}");
            Assert.Equal(0, Exchange.Response.Outputs.Count * (outcome.IsOk ? 1 : 0));
            await AssertServesAsync();
        }
    }

    [Fact]
    public async Task Infer_BodyOverTheLimit_IsGivenUpAtTheLimit()
    {
        using var client = ClusterClients.Open(Options(Cluster) with { Limits = new ProtocolLimits { MaxPayloadBytes = 1 << 20 } }, TimeProvider.System);
        foreach (var trouble in new[] { Trouble.HugeBody, Trouble.EndlessBody })
        {
            Cluster.Trouble = trouble;
            var outcome = await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, Cancellation);
            Assert.Equal((InferenceStatus.Internal, ClusterFault.BadAnswer), (outcome.Status, outcome.Fault));
            Assert.Contains("the limit", outcome.Message, StringComparison.Ordinal);
        }
        await AssertServesAsync();
    }
}
