using System.Buffers.Binary;
using EdgeRuntime.Offload.Tests.Support.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>One call over gRPC: its framing by the specification "gRPC over HTTP2", its messages by Google's implementation.</summary>
internal sealed class GrpcSide(TestCluster cluster, HttpContext context)
{
    private const string Service = "/inference.GRPCInferenceService/";

    public async Task ServeAsync()
    {
        try
        {
            if (context.Request.ContentType != "application/grpc" || context.Request.Headers.TE != "trailers") throw new TestRefusal(415, "no gRPC");
            var path = context.Request.Path.Value!;
            if (!path.StartsWith(Service, StringComparison.Ordinal)) throw new TestRefusal(501, $"no method '{path}'");
            await CallAsync(path[Service.Length..], await MessageAsync());
        }
        catch (TestRefusal refusal)
        {
            Refuse(context, Code(refusal.Code), refusal.Message);
        }
    }

    private Task CallAsync(string method, byte[] message) => method switch
    {
        "ServerReady" => SendAsync(new ServerReadyResponse { Ready = cluster.Ready }),
        "ModelReady" => ModelReadyAsync(ModelReadyRequest.Parser.ParseFrom(message)),
        "ServerMetadata" => SendAsync(new ServerMetadataResponse { Name = TestCluster.Name, Version = TestCluster.Version, Extensions = { "model_repository", "binary_tensor_data" } }),
        "ModelMetadata" => MetadataAsync(ModelMetadataRequest.Parser.ParseFrom(message)),
        "ModelInfer" => cluster.AtInferenceAsync(() => InferAsync(ModelInferRequest.Parser.ParseFrom(message))),
        _ => throw new TestRefusal(501, $"no method '{method}'"),
    };

    private Task ModelReadyAsync(ModelReadyRequest request)
    {
        ServedModels.Find(request.Name, request.Version);
        return SendAsync(new ModelReadyResponse { Ready = request.Name != ServedModels.Cold });
    }

    private Task MetadataAsync(ModelMetadataRequest request)
    {
        ServedModels.Find(request.Name, request.Version);
        return SendAsync(new ModelMetadataResponse
        {
            Name = request.Name,
            Versions = { ServedModels.Versions },
            Platform = "test_platform",
            Inputs = { ServedModels.Inputs(request.Name).Select(Metadata) },
            Outputs = { ServedModels.Outputs(request.Name).Select(Metadata) },
        });
    }

    private static ModelMetadataResponse.Types.TensorMetadata Metadata((string Name, string Type, long[] Shape) tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Type, Shape = { tensor.Shape } };

    private async Task InferAsync(ModelInferRequest message)
    {
        cluster.Timeouts.Enqueue(context.Request.Headers["grpc-timeout"].ToString());
        if (await GrpcTrouble.RefuseAsync(cluster, context)) return;
        var request = Read(message);
        cluster.Seen.Enqueue(request);
        var answer = ServedModels.Twist(ServedModels.Run(request), cluster.Trouble);
        await GrpcTrouble.SendAsync(cluster, context, Write(answer));
    }

    private static SeenRequest Read(ModelInferRequest message)
    {
        if (message.RawInputContents.Count != message.Inputs.Count) throw new TestRefusal(400, "raw_input_contents is not complete");
        if (message.Inputs.Any(input => input.Parameters.Count > 0)) throw new TestRefusal(400, "a parameter of an input");
        var inputs = message.Inputs.Zip(message.RawInputContents, (input, data) => new TestTensor(input.Name, input.Datatype, [.. input.Shape], data.ToByteArray())).ToList();
        var outputs = message.Outputs.Select(output => new SeenOutput(output.Name, Parameters(output.Parameters))).ToList();
        return new SeenRequest(message.ModelName, message.ModelVersion, message.Id, Parameters(message.Parameters), inputs, outputs, true);
    }

    private static Dictionary<string, object> Parameters(IDictionary<string, InferParameter> parameters) => parameters.ToDictionary(each => each.Key, each => each.Value.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.BoolParam => each.Value.BoolParam,
        InferParameter.ParameterChoiceOneofCase.Int64Param => each.Value.Int64Param,
        InferParameter.ParameterChoiceOneofCase.DoubleParam => each.Value.DoubleParam,
        _ => (object)each.Value.StringParam,
    });

    private ModelInferResponse Write(TestAnswer answer)
    {
        var message = new ModelInferResponse { ModelName = answer.Model, ModelVersion = answer.Version, Id = answer.Id };
        foreach (var output in answer.Outputs)
        {
            var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = output.Name, Datatype = output.Type, Shape = { output.Shape } };
            if (cluster.TypedContents && output.Type is not ("FP16" or "BF16" or "FP8")) tensor.Contents = GrpcContents.Of(output);
            else message.RawOutputContents.Add(ByteString.CopyFrom(output.Data));
            message.Outputs.Add(tensor);
        }
        return message;
    }

    private async Task<byte[]> MessageAsync()
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var frame = body.ToArray();
        if (frame.Length < 5 || frame[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)) != frame.Length - 5) throw new TestRefusal(400, "no length-prefixed message");
        return frame[5..];
    }

    private Task SendAsync(IMessage message) => GrpcTrouble.SendAsync(context, Frame(message.ToByteArray()));

    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>A status in place of an answer: "Trailers-Only".</summary>
    public static void Refuse(HttpContext context, int code, string message)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
    }

    private static int Code(int http) => http switch
    {
        400 => 3,
        404 => 5,
        415 => 13,
        501 => 12,
        503 => 14,
        _ => 2,
    };
}
