using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes;

public sealed class ModelLanesTests
{
    private static readonly ComputeTurns Turns = new(1, TimeProvider.System);

    [Fact]
    public void Find_Versions_GivesTheLaneOfEachAndTheDefaultForNone()
    {
        var (one, two) = (Lane("ocr", "1"), Lane("ocr", "2"));
        var lanes = new ModelLanes([one, two, Lane("other", null)]);
        Assert.True(lanes.TryFind("ocr"u8, out var versions));
        Assert.Same(one, versions.Find(default));
        Assert.Same(one, versions.Find(Version("1")));
        Assert.Same(two, versions.Find(Version("2")));
        Assert.Null(versions.Find(Version("3")));
        Assert.Equal("model 'ocr' has no version '3', only '1', '2'", versions.Unknown("3").Error);
        Assert.Equal("'ocr', 'other'", lanes.ToString());
    }

    [Fact]
    public void Find_LaneWithoutVersion_IsAskedForWhatItServesAndForAnythingUntilItServes()
    {
        using var model = new TestModel(TestModels.Identity());
        var (any, two) = (Lane("m", null), Lane("m", "2"));
        var versions = new ModelLanes([any, two]).Find("m")!;
        Assert.Same(any, versions.Find(Version("1.0.0")));
        Assert.Same(two, versions.Find(Version("2")));
        any.Serve(model.Served, null);
        Assert.Same(any, versions.Find(Version("1.0.0")));
        Assert.Null(versions.Find(Version("3")));
        Assert.Equal(["1.0.0", "2"], versions.Versions);
    }

    [Fact]
    public void Remove_TheDefault_AnotherOneIsUntilTheLastIsGone()
    {
        var (one, two) = (Lane("ocr", "1"), Lane("ocr", "2"));
        var lanes = new ModelLanes([one, two]);
        lanes.MakeDefault(two);
        Assert.Same(two, lanes["ocr"]);
        lanes.Remove(two);
        lanes.Remove(two);
        Assert.Same(one, lanes["ocr"]);
        lanes.MakeDefault(two); // it is not there any more
        Assert.Same(one, lanes["ocr"]);
        lanes.Remove(one);
        Assert.Null(lanes.Find("ocr"));
        Assert.Empty(lanes.All);
    }

    private static VersionText Version(string text)
    {
        Assert.True(VersionText.TryParse(Encoding.ASCII.GetBytes(text), out var version));
        return version;
    }

    private static ModelLane Lane(string name, string? version) => new(new ModelSettings { Name = name, Version = version }, 1, TimeProvider.System, Turns);
}
