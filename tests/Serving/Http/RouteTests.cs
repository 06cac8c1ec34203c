using EdgeRuntime.Serving.Http;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Http;

public sealed class RouteTests
{
    [Theory]
    [InlineData("/v2", "Server", "", null)]
    [InlineData("/v2/", "Server", "", null)]
    [InlineData("/v2?x=/v2/health/live", "Server", "", null)]
    [InlineData("/v2/health/live", "Live", "", null)]
    [InlineData("/v2/health/ready/", "Ready", "", null)]
    [InlineData("/metrics", "Metrics", "", null)]
    [InlineData("/v2/models/ocr", "Model", "ocr", null)]
    [InlineData("/v2/models/ocr/ready", "ModelReady", "ocr", null)]
    [InlineData("/v2/models/ocr/infer", "Infer", "ocr", null)]
    [InlineData("/v2/models/ocr/versions/1.0.0", "Model", "ocr", "1.0.0")]
    [InlineData("/v2/models/ocr/versions/1.0.0/ready", "ModelReady", "ocr", "1.0.0")]
    [InlineData("/v2/models/ocr/versions/1.0.0/infer", "Infer", "ocr", "1.0.0")]
    [InlineData("/v2/models/versions/infer", "Infer", "versions", null)]
    [InlineData("/v2/repository/index", "Index", "", null)]
    [InlineData("/v2/repository/models/ocr/load", "Load", "ocr", null)]
    [InlineData("/v2/repository/models/ocr/unload", "Unload", "ocr", null)]
    public void Of_PathOfTheProtocol_IsFound(string target, string kind, string model, string? version) =>
        Assert.Equal(new Route(Enum.Parse<RouteKind>(kind), model, version), Route.Of(target));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("*")]
    [InlineData("v2")]
    [InlineData("//v2")]
    [InlineData("/V2")]
    [InlineData("/v2//")]
    [InlineData("/v1/models/ocr/infer")]
    [InlineData("/v2/health")]
    [InlineData("/v2/health/live/x")]
    [InlineData("/v2/models")]
    [InlineData("/v2/models//infer")]
    [InlineData("/v2/models/OCR")]
    [InlineData("/v2/models/../infer")]
    [InlineData("/v2/models/%6Fcr/infer")]
    [InlineData("/v2/models/ocr%2Finfer")]
    [InlineData("/v2/models/ocr/%2e%2e/infer")]
    [InlineData("/v2/models/ocr/versions")]
    [InlineData("/v2/models/ocr/versions/1/infer/x")]
    [InlineData("/v2/models/ocr/versions/1/infer/x/y/z/a/b/c")]
    [InlineData("/v2/repository/models/ocr")]
    [InlineData("/v2/repository/models/%2e%2e/load")]
    public void Of_AnyOtherPath_IsNone(string target) => Assert.Equal(RouteKind.None, Route.Of(target).Kind);
}
