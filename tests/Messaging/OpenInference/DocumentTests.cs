using System.Text.RegularExpressions;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

// docs/formats/inference.md says what the code does.
public sealed partial class DocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "formats", "inference.md"));

    [Fact]
    public void Document_JsonBlocks_AreReadAsTheyStand()
    {
        var blocks = JsonBlocks().Matches(Document).Select(match => Payloads.Utf8(match.Groups[1].Value)).ToArray();
        Assert.Equal(2, blocks.Length);
        Assert.Null(JsonCodec.Read(blocks[0], new InferenceRequest(), ProtocolLimits.Default));
        Assert.Null(JsonCodec.Read(blocks[1], new InferenceResponse(), ProtocolLimits.Default));
        var message = Regex.Match(Document, @"-m '(\{.*\})'").Groups[1].Value;
        Assert.Null(JsonCodec.Read(Payloads.Utf8(message), new InferenceRequest(), ProtocolLimits.Default));
        var header = Regex.Match(Document, @"^(\{.*\})<16 bytes>$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Null(Payloads.ReadBinary(header, new byte[16]));
    }

    [Fact]
    public void Document_StatusesTypesAndProperties_AreAllThere()
    {
        for (var status = InferenceStatus.Ok; status <= InferenceStatus.Internal; status++) Assert.Contains($"`{Payloads.Text(status.WireName())}`", Document);
        foreach (var type in TensorDataTypes.All) Assert.Contains(Payloads.Text(type.WireName()), Document);
        foreach (var field in typeof(PropertyNames).GetFields()) Assert.Contains($"`{field.GetRawConstantValue()}`", Document);
    }

    [Fact]
    public void Document_Limits_AreTheDefaults()
    {
        var limits = ProtocolLimits.Default;
        Assert.Equal((64 << 20, 1 << 20, 64 << 20), (limits.MaxPayloadBytes, limits.MaxHeaderBytes, limits.MaxDataBytes));
        Assert.Contains($"| {limits.MaxTensors}; {limits.MaxRequestedOutputs}; {limits.MaxParameters} |", Document);
        Assert.Contains($"| {limits.MaxDimensions}; {limits.MaxDepth} |", Document);
        Assert.Contains($"| {limits.MaxElements:N0}; 64 MiB |", Document);
        Assert.Contains($"| {limits.MaxNameBytes} bytes; {limits.MaxParameterTextBytes} bytes |", Document);
        Assert.Contains($"| {limits.MaxImagePixels:N0} |", Document);
        Assert.Contains($"{RequestProperties.DefaultPriority} where it is not said", Document);
        Assert.Contains($"0 to {RequestProperties.MaxDeadline.TotalMilliseconds:0}", Document);
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlocks();
}
