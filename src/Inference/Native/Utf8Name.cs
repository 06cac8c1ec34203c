using System.Runtime.InteropServices;

namespace EdgeRuntime.Inference.Native;

/// <summary>A name as ONNX Runtime's C API takes it: native, UTF-8, ended by a zero. Owned by whoever creates it.</summary>
internal sealed unsafe class Utf8Name(string name) : IDisposable
{
    private byte* _bytes = (byte*)Marshal.StringToCoTaskMemUTF8(name);

    public byte* Pointer => _bytes;

    public void Dispose()
    {
        Marshal.FreeCoTaskMem((nint)_bytes);
        _bytes = null;
    }
}
