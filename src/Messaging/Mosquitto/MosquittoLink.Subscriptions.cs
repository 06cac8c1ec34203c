using System.Text;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

public sealed partial class MosquittoLink
{
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Dictionary<ushort, Subscription> _subscribing = [];

    /// <inheritdoc/>
    public void Subscribe(string filter, MqttQos qos, MqttSubscribeOptions options = MqttSubscribeOptions.None) => Keep(filter, qos, options, null);

    /// <inheritdoc/>
    public Task<SubscribeOutcome> SubscribeAsync(string filter, MqttQos qos, MqttSubscribeOptions options, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<SubscribeOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Keep(filter, qos, options, answer);
        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Unsubscribe(string filter)
    {
        lock (_gate)
        {
            if (!_subscriptions.Remove(filter, out var subscription)) return;
            subscription.Answer(new SubscribeOutcome(0x80, "unsubscribed before the broker answered"));
            _connection?.Unsubscribe(filter);
            Flush_NeedsLock();
        }
    }

    /// <summary>A SUBACK; called under the gate.</summary>
    internal void Subscribed(ushort id, byte reasonCode, string reason)
    {
        if (!_subscribing.Remove(id, out var subscription)) return;
        if (reasonCode >= 0x80)
            Fault(MqttLinkFaultKind.SubscriptionRefused, $"broker refused subscription '{subscription.Filter}': {reason} (0x{reasonCode:X2})");
        subscription.Answer(new SubscribeOutcome(reasonCode, reason));
    }

    private void Keep(string filter, MqttQos qos, MqttSubscribeOptions options, TaskCompletionSource<SubscribeOutcome>? answer)
    {
        RequireFilter(filter, options);
        lock (_gate)
        {
            if (_draining) throw Stopped();
            if (!_subscriptions.TryGetValue(filter, out var subscription)) _subscriptions[filter] = subscription = new Subscription(filter);
            (subscription.Qos, subscription.Options) = (qos, options);
            if (answer is not null) subscription.Answers.Add(answer);
            if (_connection is null) return;
            Send_NeedsLock(subscription);
            Flush_NeedsLock();
        }
    }

    private void SubscribeAll_NeedsLock()
    {
        foreach (var subscription in _subscriptions.Values) Send_NeedsLock(subscription);
    }

    private void Send_NeedsLock(Subscription subscription) =>
        _subscribing[_connection!.Subscribe(subscription.Filter, subscription.Qos, subscription.Options)] = subscription;

    private void StopSubscriptions_NeedsLock()
    {
        foreach (var subscription in _subscriptions.Values) subscription.Fail(Stopped());
    }

    private static unsafe void RequireFilter(string filter, MqttSubscribeOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(filter);
        var bytes = Encoding.UTF8.GetBytes(filter);
        fixed (byte* first = bytes)
            if (!MqttText.IsText(bytes) || LibMosquitto.mosquitto_sub_topic_check2(first, (nuint)bytes.Length) != MosquittoError.Success)
                throw new ArgumentException($"'{filter}' is not a topic filter of at most 65535 bytes", nameof(filter));
        if (filter.StartsWith("$share/", StringComparison.Ordinal) && options.HasFlag(MqttSubscribeOptions.NoLocal))
            throw new ArgumentException($"'{filter}' is shared: {nameof(MqttSubscribeOptions.NoLocal)} is not allowed", nameof(options));
    }

    private sealed class Subscription(string filter)
    {
        public string Filter => filter;

        public MqttQos Qos { get; set; }

        public MqttSubscribeOptions Options { get; set; }

        public List<TaskCompletionSource<SubscribeOutcome>> Answers { get; } = [];

        public void Answer(SubscribeOutcome outcome)
        {
            foreach (var answer in Answers) answer.TrySetResult(outcome);
            Answers.Clear();
        }

        public void Fail(MqttLinkException failure)
        {
            foreach (var answer in Answers) answer.TrySetException(failure);
            Answers.Clear();
        }
    }
}
