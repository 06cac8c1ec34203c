namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>A bounded pool of requests; safe to call from any thread.</summary>
public sealed class InferenceRequestPool(int capacity)
{
    private readonly Lock gate = new();
    private readonly InferenceRequest?[] idle = new InferenceRequest?[capacity];
    private int count;

    /// <summary>An empty request, warm where one is idle.</summary>
    public InferenceRequest Rent()
    {
        lock (gate)
        {
            if (count == 0) return new InferenceRequest();
            var request = idle[--count]!;
            idle[count] = null;
            return request;
        }
    }

    /// <summary>Resets a request and keeps it; drops it where the pool is full. Give each back once, and do not touch it after.</summary>
    public void Return(InferenceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Reset();
        lock (gate)
        {
            if (count < idle.Length) idle[count++] = request;
        }
    }
}
