using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Commands;

namespace EdgeRuntime.Device.Commands;

/// <summary>An answer for a person to read: a line an output, its first elements.</summary>
internal static class AnswerText
{
    private const int Shown = 10;

    public static int Print(InferenceResponse response, TextWriter output)
    {
        for (int i = 0; i < response.Outputs.Count; i++)
        {
            var tensor = response.Outputs[i];
            var more = tensor.ElementCount > Shown ? ", ..." : "";
            output.WriteLine($"{Encoding.UTF8.GetString(tensor.Name)} {Encoding.ASCII.GetString(tensor.DataType.WireName())}[{string.Join(',', tensor.Shape.ToArray())}]: {Elements(tensor)}{more}");
        }
        return CommandLine.Done;
    }

    private static string Elements(NamedTensor tensor) => tensor.DataType switch
    {
        TensorDataType.Bytes => Texts(tensor.Data),
        TensorDataType.Float32 => Numbers<float>(tensor.Data),
        TensorDataType.Float64 => Numbers<double>(tensor.Data),
        TensorDataType.Float16 => Numbers<Half>(tensor.Data),
        TensorDataType.Int64 => Numbers<long>(tensor.Data),
        TensorDataType.UInt64 => Numbers<ulong>(tensor.Data),
        TensorDataType.Int32 => Numbers<int>(tensor.Data),
        TensorDataType.UInt32 => Numbers<uint>(tensor.Data),
        TensorDataType.Int16 => Numbers<short>(tensor.Data),
        TensorDataType.UInt16 or TensorDataType.BFloat16 => Numbers<ushort>(tensor.Data),
        TensorDataType.Int8 => Numbers<sbyte>(tensor.Data),
        _ => Numbers<byte>(tensor.Data),
    };

    private static string Numbers<T>(ReadOnlySpan<byte> data)
        where T : unmanaged, IFormattable
    {
        var numbers = MemoryMarshal.Cast<byte, T>(data);
        return string.Join(", ", numbers[..Math.Min(Shown, numbers.Length)].ToArray().Select(number => number.ToString(null, CultureInfo.InvariantCulture)));
    }

    // Text of a model goes to a terminal: control characters would steer it.
    private static string Texts(ReadOnlySpan<byte> data)
    {
        var texts = new List<string>();
        foreach (var element in new BytesElements(data))
            if (texts.Count < Shown) texts.Add('"' + Identifier.Quote(Encoding.UTF8.GetString(element)) + '"');
        return string.Join(", ", texts);
    }
}
