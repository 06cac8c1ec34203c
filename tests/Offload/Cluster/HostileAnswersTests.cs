using EdgeRuntime.Offload.Cluster;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

public sealed class HostileAnswersTests
{
    [Fact]
    public async Task Send_TransportTrips_IsTheServersFailure()
    {
        using var invoker = new HttpMessageInvoker(new HostileAnswers(new Tripping(new InvalidOperationException("a stream that is none"))));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal((HttpRequestError.InvalidResponse, "the transport failed on what the server sent: InvalidOperationException: a stream that is none"), (error.HttpRequestError, error.Message));
    }

    [Fact]
    public async Task Send_NetworkFails_StaysAsItIs()
    {
        using var invoker = new HttpMessageInvoker(new HostileAnswers(new Tripping(new IOException("broken"))));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/");
        await Assert.ThrowsAsync<IOException>(() => invoker.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private sealed class Tripping(Exception error) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromException<HttpResponseMessage>(error);
    }
}
