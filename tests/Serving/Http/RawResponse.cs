namespace EdgeRuntime.Serving.Tests.Http;

/// <summary>A response as it came; <see cref="Code"/> 0 where none came.</summary>
internal sealed record RawResponse(int Code, string Head, string Body);
