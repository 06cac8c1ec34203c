using EdgeRuntime.Offload.Commands;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Commands;

public sealed class CheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"kind":"cluster","url":"http://triton:8001"}""", 0)]
    [InlineData("""{"kind":"cluster","url":"triton"}""", 1)]
    [InlineData("""{"kind":"local"}""", 1)] // no key, and no bundle
    public void Check_ModelOfTheClusterAlone_NeedsNoBundle(string executor, int code)
    {
        File.WriteAllText(_folder["server.json"], $$"""{"fleet":"lab","server":"gpu-1","root":"r","broker":{},"models":[{"name":"ocr"}],"executor":{{executor}}}""");
        Assert.Equal(code, ServerCommands.Run(["check", "--config", _folder["server.json"]]));
    }
}
