using System.IO.Pipelines;

namespace EdgeRuntime.Serving.Http;

/// <summary>The two pipes of a connection inside TLS.</summary>
internal sealed class TlsTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;
}
