namespace EdgeRuntime.Offload.Cluster;

/// <summary>
/// What a hostile server makes of the transport is the server's failure, whatever the transport throws: its own state machine may trip over frames that no
/// server of good faith sends.
/// </summary>
internal sealed class HostileAnswers(HttpMessageHandler transport) : DelegatingHandler(transport)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!TransportFailure.IsExpected(error))
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"the transport failed on what the server sent: {error.GetType().Name}: {error.Message}", error);
        }
    }
}
