using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>What can go wrong with an answer over HTTP/1.1.</summary>
internal static class RestTrouble
{
    private const int Huge = 4 << 20;

    /// <summary>Refuses, waits or breaks off before there is an answer; false where there is to be one.</summary>
    public static async Task<bool> RefuseAsync(TestCluster cluster, HttpContext context)
    {
        switch (cluster.Trouble)
        {
            case Trouble.Overloaded: return await SendAsync(context, 429, """{"error":"the queue is full"}""", "2");
            case Trouble.Unavailable: return await SendAsync(context, 503, "upstream connect error\u0007", "1");
            case Trouble.UnavailableUntilDate:
                context.Response.Headers.Date = "Sun, 06 Nov 1994 08:49:37 GMT";
                return await SendAsync(context, 503, "", "Sun, 06 Nov 1994 08:49:40 GMT");
            case Trouble.Crash: return await SendAsync(context, 500, """{"error":"CUDA out of memory"}""");
            case Trouble.GatewayTimeout: return await SendAsync(context, 504, "<html>");
            case Trouble.Redirect:
                context.Response.Headers.Location = "http://elsewhere.example/";
                return await SendAsync(context, 307, "");
            case Trouble.HangBeforeHead:
                await cluster.HangAsync(context);
                return true;
            case Trouble.Reset:
                context.Abort();
                return true;
            default: return false;
        }
    }

    public static async Task SendAsync(TestCluster cluster, HttpContext context, byte[] head, byte[] sections, bool binary)
    {
        byte[] body = [.. head, .. sections];
        var length = head.Length.ToString(CultureInfo.InvariantCulture);
        switch (cluster.Trouble)
        {
            case Trouble.Malformed: head[^1] = (byte)']'; body = [.. head, .. sections]; break;
            case Trouble.TrailingBytes: body = [.. body, 0x20, 0x7b]; break;
            case Trouble.EmptyBody: body = []; break;
            case Trouble.NoTensors: body = Encoding.UTF8.GetBytes("""{"model_name":"echo"}"""); break;
            case Trouble.ErrorUnder200: body = Encoding.UTF8.GetBytes("""{"error":"not really"}"""); break;
            case Trouble.HeaderBeyondBody: length = (body.Length + 1).ToString(CultureInfo.InvariantCulture); break;
            case Trouble.HeaderNoNumber: length = "12 apples"; break;
            case Trouble.HugeBody: body = [.. body, .. new byte[Huge]]; break;
        }
        context.Response.ContentType = binary ? "application/octet-stream" : "application/json";
        if (cluster.Trouble is Trouble.NoTensors or Trouble.ErrorUnder200) length = body.Length.ToString(CultureInfo.InvariantCulture);
        if (binary || cluster.Trouble is Trouble.HeaderBeyondBody or Trouble.HeaderNoNumber) context.Response.Headers["Inference-Header-Content-Length"] = length;
        if (cluster.Trouble is not (Trouble.EndlessBody or Trouble.HugeBody)) context.Response.ContentLength = body.Length;
        await SendBodyAsync(cluster, context, body);
    }

    private static async Task SendBodyAsync(TestCluster cluster, HttpContext context, byte[] body)
    {
        var half = cluster.Trouble is Trouble.HangInBody or Trouble.ResetInBody;
        await context.Response.Body.WriteAsync(body.AsMemory(0, half ? body.Length / 2 : body.Length));
        await context.Response.Body.FlushAsync();
        if (cluster.Trouble == Trouble.HangInBody) await cluster.HangAsync(context);
        if (cluster.Trouble == Trouble.ResetInBody) context.Abort();
        while (cluster.Trouble == Trouble.EndlessBody && !context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[64 << 10]);
    }

    private static async Task<bool> SendAsync(HttpContext context, int code, string body, string? retryAfter = null)
    {
        context.Response.StatusCode = code;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync(body);
        return true;
    }
}
