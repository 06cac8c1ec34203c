using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRuntime.Bundles.Targets;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Targets;

public sealed class TargetFileTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "targets");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Where(name => name != "schema.json").Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_OfTheRepository_IsValidAgainstTheSchemaAndTheRules(string file)
    {
        using var schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "schema.json")));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        Assert.Empty(SchemaCheck.Problems(schema.RootElement, document.RootElement));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), TargetFile.Load(Path.Combine(Folder, file)).Name);
    }

    [Theory]
    [InlineData("name", "\"Not A Name\"", "name 'Not A Name' does not match")]
    [InlineData("architecture", "\"mips\"", "architecture 'mips' is not one of x64, arm64")]
    [InlineData("cores", "0", "cores '0' is below 1")]
    [InlineData("cores", "1025", "cores '1025' is above 1024")]
    [InlineData("cores", "2.5", "cores is '2.5', not of type integer")]
    [InlineData("threads", "0", "threads '0' is below 1")]
    [InlineData("threads", "3", "threads 3 is above the 2 of cores")]
    [InlineData("memoryBytes", "1024", "memoryBytes '1024' is below 67108864")]
    [InlineData("executionProviders", "[]", "executionProviders holds 0 items, at least 1 are needed")]
    [InlineData("executionProviders", "[\"cpu\",\"cpu\"]", "executionProviders names one twice")]
    [InlineData("executionProviders", "[\"cpu\",\"tpu\"]", "executionProviders[1] 'tpu' is not one of")]
    [InlineData("precisions", "[\"int4\"]", "precisions[0] 'int4' is not one of")]
    [InlineData("cpus", "[0,2]", "cpus[1] 2 is not below the 2 of cores")]
    [InlineData("cpus", "[-1]", "cpus[0] '-1' is below 0")]
    [InlineData("cpuFlags", "[1]", "cpuFlags[0] is '1', not of type string")]
    [InlineData("allowCpuFallback", "\"yes\"", "allowCpuFallback is 'yes', not of type boolean")]
    [InlineData("allowCpuFallback", "false", "allowCpuFallback is false, yet 'cpu' is the first provider")]
    [InlineData("int8.activations", "\"INT4\"", "int8.activations 'INT4' is not one of UINT8, INT8")]
    [InlineData("int8.weightLimit", "128", "int8.weightLimit '128' is above 127")]
    [InlineData("int8.bias", "\"double\"", "int8.bias 'double' is not one of")]
    [InlineData("storage.root", "\"relative\"", "storage.root 'relative' does not match")]
    [InlineData("storage.cacheBytes", "1", "storage.cacheBytes '1' is below 1048576")]
    [InlineData("powerModes", "[{\"id\":0,\"name\":\"a\"}]", "powerModes[0].watts is missing")]
    [InlineData("surprise", "1", "surprise is not known")]
    public void Load_OneMemberWrong_IsRefusedWithItsPath(string path, string value, string expected) =>
        Assert.Contains(expected, Refused((path, value)), StringComparison.Ordinal);

    [Fact]
    public void Load_ManyMembersWrong_ReportsEach()
    {
        var message = Refused(("cores", "0"), ("int8.bias", "\"double\""), ("storage.root", "\"x\""), ("cpus", "[7]"), ("surprise", "1"), ("allowCpuFallback", "false"));
        foreach (var part in (string[])["cores '0'", "int8.bias", "storage.root", "surprise is not known"]) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ValuesWrongAndMembersAtOdds_ReportsBoth()
    {
        var message = Refused(("name", "\"Not A Name\""), ("threads", "3"), ("cpus", "[2]"));
        foreach (var part in (string[])["name 'Not A Name'", "threads 3", "cpus[0] 2"]) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EachRequiredMemberLeftOut_IsRefusedWithItsName()
    {
        foreach (var member in Sound().Select(member => member.Key).Except(["$schema", "accelerator", "cpus", "thermalZones", "powerModes"]))
        {
            var target = Sound();
            target.Remove(member);
            Assert.Contains($"{member} is missing", Refused(target), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_OptionalMembersLeftOut_AreEmpty()
    {
        var target = Sound();
        foreach (var member in (string[])["$schema", "cpus", "thermalZones", "powerModes"]) target.Remove(member);
        var read = TargetFile.Read(Encoding.UTF8.GetBytes(target.ToJsonString()), "test");
        Assert.Empty(read.Cpus);
        Assert.Empty(read.ThermalZones);
        Assert.Empty(read.PowerModes);
    }

    [Fact]
    public void Load_UnknownName_ListsTheKnown() =>
        Assert.Contains("one of arm64-generic, jetson-agx-orin", Assert.Throws<BundleException>(() => TargetFile.Load("toaster")).Message, StringComparison.Ordinal);

    private static JsonObject Sound() => JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, "x86-avx2.json")))!.AsObject();

    private static string Refused(params (string Path, string Value)[] changes)
    {
        var target = Sound();
        foreach (var (path, value) in changes)
        {
            var parts = path.Split('.');
            var owner = parts.Length == 1 ? target : target[parts[0]]!.AsObject();
            owner[parts[^1]] = JsonNode.Parse(value);
        }
        return Refused(target);
    }

    private static string Refused(JsonObject target)
    {
        var error = Assert.Throws<BundleException>(() => TargetFile.Read(Encoding.UTF8.GetBytes(target.ToJsonString()), "test.json"));
        Assert.Equal(BundleError.InvalidTarget, error.Error);
        Assert.StartsWith("test.json: ", error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
