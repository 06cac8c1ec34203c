using EdgeRuntime.Offload.Tests.Support.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>What can go wrong with an answer over gRPC.</summary>
internal static class GrpcTrouble
{
    private const int Huge = 4 << 20;

    /// <summary>Refuses, waits or breaks off before there is an answer; false where there is to be one.</summary>
    public static async Task<bool> RefuseAsync(TestCluster cluster, HttpContext context)
    {
        switch (cluster.Trouble)
        {
            case Trouble.Overloaded:
                context.Response.Headers["grpc-retry-pushback-ms"] = "2000";
                GrpcSide.Refuse(context, 8, "the queue is full");
                return true;
            case Trouble.Unavailable:
                context.Response.Headers.RetryAfter = "1";
                GrpcSide.Refuse(context, 14, "upstream connect error\u0007");
                return true;
            case Trouble.Crash:
                GrpcSide.Refuse(context, 13, "CUDA out of memory");
                return true;
            case Trouble.GatewayTimeout:
                context.Response.StatusCode = 504; // of a proxy that knows no gRPC
                return true;
            case Trouble.Redirect:
                context.Response.StatusCode = 307;
                return true;
            case Trouble.StatusAndNoMessage:
                GrpcSide.Refuse(context, 0, "");
                return true;
            case Trouble.HangBeforeHead:
                await cluster.HangAsync(context);
                return true;
            case Trouble.Reset:
                context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(0x2);
                return true;
            case Trouble.CalmDown:
                context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(0xb);
                return true;
            default: return false;
        }
    }

    public static Task SendAsync(TestCluster cluster, HttpContext context, ModelInferResponse answer)
    {
        var message = answer.ToByteArray();
        if (cluster.Trouble == Trouble.Malformed) message[^1] = message[1] = 0xff;
        if (cluster.Trouble == Trouble.NoTensors) message = new ModelInferResponse { ModelName = answer.ModelName }.ToByteArray();
        var frame = GrpcSide.Frame(cluster.Trouble == Trouble.HugeBody ? [.. message, .. new byte[Huge]] : message);
        switch (cluster.Trouble)
        {
            case Trouble.TrailingBytes: frame = [.. frame, 1, 2, 3]; break;
            case Trouble.TwoMessages: frame = [.. frame, .. frame]; break;
            case Trouble.Compressed: frame[0] = 1; break;
            case Trouble.EmptyBody: frame = []; break;
        }
        return SendAsync(context, frame, cluster);
    }

    public static async Task SendAsync(HttpContext context, byte[] frame, TestCluster? cluster = null)
    {
        var trouble = cluster?.Trouble ?? Trouble.None;
        context.Response.ContentType = trouble == Trouble.NotGrpc ? "text/html" : "application/grpc";
        var half = trouble is Trouble.HangInBody or Trouble.ResetInBody;
        await context.Response.Body.WriteAsync(frame.AsMemory(0, half ? frame.Length / 2 : frame.Length));
        await context.Response.Body.FlushAsync();
        if (trouble == Trouble.HangInBody) await cluster!.HangAsync(context);
        if (trouble == Trouble.ResetInBody) context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(0x2);
        while (trouble == Trouble.EndlessBody && !context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[64 << 10]);
        if (half) return;
        if (trouble != Trouble.NoStatus) context.Response.AppendTrailer("grpc-status", trouble == Trouble.StatusNoNumber ? "none" : "0");
    }
}
