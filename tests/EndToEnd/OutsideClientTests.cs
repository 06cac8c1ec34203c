using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Clients;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>Programs that share no code with the runtime ask it for images, JSON and binary tensors, and get the right answers.</summary>
[Collection(OcrCollection.Name)]
public sealed class OutsideClientTests(OcrDevice device)
{
    private const int Width = 64;

    private static readonly string Image = Path.Combine(RepositoryPaths.TextLines, "0003.jpg");

    private delegate Task<ClientAnswer> Client(InferenceCall call);

    public static TheoryData<string> Clients => ["python", "node", "csharp", "mosquitto"];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Image_IsAnsweredWithItsText(string client)
    {
        var answer = await Of(client, json: false)(device.Call($"{client}-image", Image));
        Assert.Equal("OK", answer.Status);
        Assert.Equal(["side pump"], answer.Texts("text"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task JsonTensor_IsAnsweredWithText(string client)
    {
        var answer = await Of(client, json: true)(device.Call($"{client}-json", JsonRequest()));
        Assert.Equal("OK", answer.Status);
        Assert.Equal([""], answer.Texts("text")); // a grey area has no letters
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task BinaryTensor_IsAnsweredWithText(string client)
    {
        var (file, header) = BinaryRequest();
        var answer = await Of(client, json: false)(device.Call($"{client}-binary", file) with { HeaderLength = header });
        Assert.Equal("OK", answer.Status);
        Assert.Equal([""], answer.Texts("text"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task UnknownModel_IsToldSo(string client)
    {
        var answer = await Of(client, json: true)(device.Call($"{client}-unknown", JsonRequest()) with { Model = "other" });
        Assert.Equal("NOT_FOUND", answer.Status);
        Assert.Equal("no model 'other' on device 'dev-1', only 'ocr'", answer.Error);
    }

    private static Client Of(string name, bool json) => name switch
    {
        "python" => ExampleClients.PythonAsync,
        "node" => ExampleClients.NodeAsync,
        "csharp" => ExampleClients.CSharpAsync,
        _ => json ? MosquittoClients.RequestResponseAsync : MosquittoClients.PublishSubscribeAsync,
    };

    private string JsonRequest()
    {
        var path = Path.Combine(device.Folder, "grey.json");
        var data = string.Join(',', Enumerable.Repeat(0.1f, 3 * 48 * Width).Select(value => value.ToString(CultureInfo.InvariantCulture)));
        File.WriteAllText(path, $$"""{"inputs":[{"name":"x","shape":[1,3,48,{{Width}}],"datatype":"FP32","data":[{{data}}]}]}""");
        return path;
    }

    private (string File, int Header) BinaryRequest()
    {
        var path = Path.Combine(device.Folder, "grey.bin");
        var data = MemoryMarshal.AsBytes<float>(Enumerable.Repeat(0.1f, 3 * 48 * Width).ToArray()).ToArray();
        var header = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"x","shape":[1,3,48,{{{Width}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{data.Length}}}}}]}""");
        File.WriteAllBytes(path, [.. header, .. data]);
        return (path, header.Length);
    }
}
