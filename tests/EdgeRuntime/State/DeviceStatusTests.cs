using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Device.State;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Device.Tests.State;

/// <summary>The retained documents, and that docs/formats/device.md shows them as they are.</summary>
public sealed partial class DeviceStatusTests
{
    private static readonly DeviceStatus Status = new("dev-1", "0.1.0", "b007");

    [Fact]
    public void State_AllWell_IsOnline()
    {
        using var state = JsonDocument.Parse(Status.State(new ModelLanes([new ModelLane("ocr", 1)])));
        Assert.Equal("""{"device":"dev-1","state":"online","reason":"","boot":"b007","version":"0.1.0"}""", state.RootElement.GetRawText());
    }

    [Fact]
    public void State_TwoModelsFailed_IsDegradedAndNamesBoth()
    {
        using var state = JsonDocument.Parse(Status.State(new ModelLanes([Failed("a", "no space"), new ModelLane("b", 1), Failed("c", "wrong target")])));
        Assert.Equal("degraded", Text(state.RootElement, "state"));
        Assert.Equal("model 'a': no space; model 'c': wrong target", Text(state.RootElement, "reason"));
    }

    [Fact]
    public void Models_LoadingReadyAndFailed_EachSaysWhatItIs()
    {
        using var model = new TestModel(TestModels.Identity());
        var lanes = Lanes(model);
        using var document = JsonDocument.Parse(DeviceStatus.Models(lanes));
        var models = document.RootElement.GetProperty("models");
        Assert.Equal(["loading", "ready", "failed"], models.EnumerateArray().Select(entry => Text(entry, "state")));
        Assert.Equal(("1.0.0", "fp32", "plain", "cpu"), (Text(models[1], "version"), Text(models[1], "variant"), Text(models[1], "form"), Text(models[1], "provider")));
        Assert.Equal(model.Served.Bundle.Digest.ToString(), Text(models[1], "digest"));
        Assert.Equal("fp32", Text(models[1].GetProperty("ladder")[0], "id"));
        Assert.Equal("no space", Text(models[2], "reason"));
    }

    [Fact]
    public void Document_Examples_HaveTheMembersThatThisWrites()
    {
        using var model = new TestModel(TestModels.Identity(), (_, manifest) => manifest with
        {
            Variants = [manifest.Variants[0] with { Quality = new Bundles.Quality { Metric = "ctc", Value = 0.9, Relative = 1, Samples = 10, Low = 0.8, High = 1 } }],
        });
        Assert.Equal(Shape(Status.State(DeviceStatus.Online, "", Normal)), Shape(Example("state")));
        Assert.Subset(Shape(DeviceStatus.Models(Lanes(model))), Shape(Example("models")));
        Assert.Subset(Shape(Example("models")), Shape(DeviceStatus.Models(Lanes(model))));
    }

    [Fact]
    public void State_SensorsCapTheLadder_IsDegradedWithTheirReason()
    {
        using var model = new TestModel(TestModels.Identity());
        var ready = new ModelLane("ready", 1);
        ready.Serve(model.Served, null);
        var hot = Normal with { State = Condition.Capped, Cap = 1, Reason = "temperature: 96 of 97 degrees" };
        using var document = JsonDocument.Parse(Status.State(new ModelLanes([ready]), hot));
        Assert.Equal(("degraded", "capped"), (Text(document.RootElement, "state"), Text(document.RootElement, "condition")));
        Assert.Equal(hot.Reason, Text(document.RootElement, "reason"));
    }

    private static ConditionReport Normal => new()
    {
        State = Condition.Normal,
        Cap = 0,
        Reason = "",
        Since = DateTimeOffset.UnixEpoch,
        At = DateTimeOffset.UnixEpoch,
        Readings = default,
    };

    private static ModelLanes Lanes(TestModel model)
    {
        var ready = new ModelLane("ready", 1);
        ready.Serve(model.Served, null);
        return new ModelLanes([new ModelLane("loading", 1), ready, Failed("failed", "no space")]);
    }

    private static ModelLane Failed(string name, string reason)
    {
        var lane = new ModelLane(name, 1);
        lane.Fail(reason);
        return lane;
    }

    // The example in the section that is headed by the document's name.
    private static byte[] Example(string section)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "formats", "device.md"));
        var example = Examples().Matches(text).Single(match => match.Groups["section"].Value == section);
        return System.Text.Encoding.UTF8.GetBytes(example.Groups["json"].Value);
    }

    // All paths of a document with the kinds of their values; entries of lists are taken together.
    private static HashSet<string> Shape(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        Walk(document.RootElement, "", paths);
        return paths;
    }

    private static void Walk(JsonElement element, string path, HashSet<string> paths)
    {
        paths.Add($"{path} {element.ValueKind}");
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject()) Walk(member.Value, $"{path}.{member.Name}", paths);
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (var entry in element.EnumerateArray()) Walk(entry, path + "[]", paths);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    [GeneratedRegex("^### `(?<section>\\w+)`$(?:(?!^#).)*?^```json\n(?<json>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Examples();
}
