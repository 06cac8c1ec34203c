namespace EdgeRuntime.Serving.Configuration;

/// <summary>The files of TLS with certificates at both ends; there is no half of it.</summary>
internal sealed record HttpTlsSettings
{
    public required string Certificate { get; init; }
    public required string Key { get; init; }
    /// <summary>The authorities that may name clients.</summary>
    public required string ClientCa { get; init; }
}
