using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

public sealed class ClusterOptionsTests
{
    private static readonly ClusterOptions Sound = new() { Url = new Uri("https://triton:8000") };

    [Fact]
    public void Problems_SoundOptions_AreNone()
    {
        Assert.Empty(Sound.Problems());
        Assert.Empty((Sound with { Ca = "ca.pem", Certificate = "c.pem", Key = "c.key", Url = new Uri("https://proxy/serving") }).Problems());
        Assert.Empty((Sound with { Url = new Uri("http://triton:8001"), Protocol = ClusterProtocol.Grpc }).Problems());
    }

    [Fact]
    public void Problems_WrongOptions_AreToldByMember()
    {
        var grpc = Sound with { Protocol = ClusterProtocol.Grpc };
        (ClusterOptions Options, string Member)[] wrong =
        [
            (Sound with { Url = new Uri("ftp://triton") }, "url"), (Sound with { Url = new Uri("/v2", UriKind.Relative) }, "url"), (Sound with { Url = new Uri("https://me:secret@triton") }, "url"),
            (Sound with { Url = new Uri("https://triton?x=1") }, "url"), (grpc with { Url = new Uri("https://triton/path") }, "url"), (grpc with { Encoding = ClusterEncoding.Json }, "encoding"),
            (Sound with { Url = new Uri("http://triton"), Ca = "ca.pem" }, "url"), (Sound with { Certificate = "c.pem" }, "key"), (Sound with { Key = "c.key" }, "certificate"),
            (Sound with { Connections = 0 }, "connections"),
        ];
        Assert.All(wrong, each => Assert.Equal(each.Member, Assert.Single(each.Options.Problems()).Member));
        Assert.All(wrong, each => Assert.Throws<ClusterException>(() => ClusterClients.Open(each.Options, TimeProvider.System)));
        Assert.DoesNotContain("secret", Assert.Throws<ClusterException>(() => ClusterClients.Open(wrong[2].Options, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CertificatesThatCannotBeRead_AreTold()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["empty.pem"], "");
        Assert.Contains("empty.pem", Assert.Throws<ClusterException>(() => ClusterClients.Open(Sound with { Ca = folder["empty.pem"] }, TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Throws<ClusterException>(() => ClusterClients.Open(Sound with { Ca = folder["none.pem"] }, TimeProvider.System));
        Assert.Throws<ClusterException>(() => ClusterClients.Open(Sound with { Certificate = folder["empty.pem"], Key = folder["empty.pem"] }, TimeProvider.System));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("..", "")]
    [InlineData("m", ".")]
    public void Model_NameWithoutAPath_IsRefused(string name, string version) => Assert.Throws<ArgumentException>(() => new ClusterModel(name, version));

    [Fact]
    public void Model_NameThatIsLong_IsRefused() => Assert.Throws<ArgumentException>(() => new ClusterModel(new string('m', 257)));
}
