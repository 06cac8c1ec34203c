using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace EdgeRuntime.Messaging;

/// <summary>
/// A message that arrived: one rented buffer with all its parts, and a lease on it. Whoever holds it disposes it exactly once; nothing read
/// from it is valid afterwards. Reading is safe from several threads. Text is UTF-8 as it came; the link checks only what MQTT requires.
/// </summary>
public sealed partial class MqttMessage : IDisposable
{
    /// <summary>The topic.</summary>
    public ReadOnlySpan<byte> Topic => Slice(_topic);

    /// <summary>The topic as a string; allocates.</summary>
    public string TopicText => Encoding.UTF8.GetString(Topic);

    /// <summary>The payload; empty if <see cref="Truncated"/>.</summary>
    public ReadOnlyMemory<byte> Payload => Buffer.AsMemory(_payload.Start, _payload.Length);

    /// <summary>The size of the payload as it was sent, in bytes, also when it was dropped.</summary>
    public int PayloadLength { get; private set; }

    /// <summary>True if the inbox was over its limit in bytes, so that the payload was dropped; the properties are kept to answer with.</summary>
    public bool Truncated { get; private set; }

    /// <summary>The QoS with which it was delivered.</summary>
    public MqttQos Qos { get; private set; }

    /// <summary>Whether it was retained (or published so, with <see cref="MqttSubscribeOptions.RetainAsPublished"/>).</summary>
    public bool Retain { get; private set; }

    /// <summary>When it arrived, as a <see cref="TimeProvider"/> timestamp of the link's clock.</summary>
    public long ReceivedTimestamp { get; private set; }

    /// <summary>Where an answer is expected; empty if absent.</summary>
    public ReadOnlySpan<byte> ResponseTopic => Slice(_responseTopic);

    /// <summary>What an answer must carry back; empty if absent.</summary>
    public ReadOnlySpan<byte> CorrelationData => Slice(_correlationData);

    /// <summary>Media type of the payload; empty if absent.</summary>
    public ReadOnlySpan<byte> ContentType => Slice(_contentType);

    /// <summary>What was left of the message's expiry when the broker sent it; null if it has none.</summary>
    public TimeSpan? Expiry { get; private set; }

    /// <summary>Whether the payload is declared to be UTF-8 text.</summary>
    public bool PayloadIsUtf8 { get; private set; }

    /// <summary>How many user properties there are.</summary>
    public int UserPropertyCount { get; private set; }

    /// <summary>Name and value of the <paramref name="index"/>-th user property, in order of sending.</summary>
    public void UserProperty(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)UserPropertyCount, nameof(index));
        name = Slice(_userProperties[index].Name);
        value = Slice(_userProperties[index].Value);
    }

    /// <summary>The value of the first user property of this name.</summary>
    public bool TryGetUserProperty(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < UserPropertyCount; i++)
        {
            if (!Slice(_userProperties[i].Name).SequenceEqual(name)) continue;
            value = Slice(_userProperties[i].Value);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The first user property of this name, if all of it is a decimal integer.</summary>
    public bool TryGetUserProperty(ReadOnlySpan<byte> name, out long value)
    {
        value = 0;
        return TryGetUserProperty(name, out ReadOnlySpan<byte> text)
            && Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length;
    }
}
