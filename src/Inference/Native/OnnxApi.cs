using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Native;

/// <summary>
/// The few entries of ONNX Runtime's C API that the managed API offers only with allocations per call. The table is the
/// library's stable ABI (onnxruntime_c_api.h: functions are only ever appended), so the offsets hold for any later version.
/// </summary>
internal static unsafe partial class OnnxApi
{
    private const uint Version = 18; // the oldest table that has all entries below
    private const int ErrorMessage = 2, TensorWithData = 49, MutableData = 51, ElementTypeOf = 60, DimensionsCount = 61, Dimensions = 62,
        TypeAndShape = 65, FreeByAllocator = 76, DefaultAllocator = 78, StatusRelease = 93, ValueRelease = 96, TypeAndShapeRelease = 99,
        InputBind = 136, OutputToDevice = 138, BoundOutputValues = 140, BuildInfo = 254;

    private static readonly void** Table = Load();

    /// <summary>Version, commit and build flags of the loaded library.</summary>
    public static string BuildInfoString => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)Table[BuildInfo])()) ?? "";

    /// <summary>A tensor over memory that stays the caller's, which must outlive it.</summary>
    public static nint CreateTensor(nint memoryInfo, void* data, nuint bytes, ReadOnlySpan<long> shape, int elementType)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)Table[TensorWithData])(
                memoryInfo, data, bytes, dimensions, (nuint)shape.Length, elementType, &value));
        }
        return value;
    }

    public static void* TensorData(nint value)
    {
        void* data;
        Check(((delegate* unmanaged<nint, void**, nint>)Table[MutableData])(value, &data));
        return data;
    }

    /// <summary>The element type of a tensor; its dimensions go into <paramref name="shape"/>, grown where it is too small.</summary>
    public static int TensorType(nint value, ref long[] shape, out int rank)
    {
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)Table[TypeAndShape])(value, &info));
        try
        {
            int type;
            nuint count;
            Check(((delegate* unmanaged<nint, int*, nint>)Table[ElementTypeOf])(info, &type));
            Check(((delegate* unmanaged<nint, nuint*, nint>)Table[DimensionsCount])(info, &count));
            if (shape.Length < (int)count) shape = new long[(int)count];
            fixed (long* dimensions = shape)
            {
                Check(((delegate* unmanaged<nint, long*, nuint, nint>)Table[Dimensions])(info, dimensions, count));
            }
            rank = (int)count;
            return type;
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)Table[TypeAndShapeRelease])(info);
        }
    }

    public static void BindInput(nint binding, byte* name, nint value) =>
        Check(((delegate* unmanaged<nint, byte*, nint, nint>)Table[InputBind])(binding, name, value));

    public static void BindOutputToDevice(nint binding, byte* name, nint memoryInfo) =>
        Check(((delegate* unmanaged<nint, byte*, nint, nint>)Table[OutputToDevice])(binding, name, memoryInfo));

    /// <summary>The outputs of the last run in the order in which they were bound; each is the caller's to release.</summary>
    public static void TakeOutputs(nint binding, Span<nint> values)
    {
        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)Table[DefaultAllocator])(&allocator));
        nint* found;
        nuint count;
        Check(((delegate* unmanaged<nint, nint, nint**, nuint*, nint>)Table[BoundOutputValues])(binding, allocator, &found, &count));
        new ReadOnlySpan<nint>(found, (int)count).CopyTo(values);
        Check(((delegate* unmanaged<nint, void*, nint>)Table[FreeByAllocator])(allocator, found));
    }

    public static void ReleaseValue(nint value)
    {
        if (value != 0) ((delegate* unmanaged<nint, void>)Table[ValueRelease])(value);
    }

    private static void Check(nint status)
    {
        if (status != 0) throw Failure(status);
    }

    private static InferenceException Failure(nint status)
    {
        byte* text = ((delegate* unmanaged<nint, byte*>)Table[ErrorMessage])(status);
        string message = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        ((delegate* unmanaged<nint, void>)Table[StatusRelease])(status);
        return new InferenceException(InferenceError.ExecutionFailed, message);
    }

    private static void** Load()
    {
        TelemetryOptOut.Apply();
        nint* apiBase = OrtGetApiBase();
        var table = ((delegate* unmanaged<uint, void**>)apiBase[0])(Version);
        return table is not null ? table : throw new InferenceException(InferenceError.ModelInvalid, $"the ONNX Runtime library is older than API version {Version}");
    }

    [LibraryImport("onnxruntime")]
    private static partial nint* OrtGetApiBase();
}
