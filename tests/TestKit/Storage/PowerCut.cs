namespace EdgeRuntime.TestKit.Storage;

/// <summary>The power went; nothing after it reaches the disk.</summary>
internal sealed class PowerCutException(int operation) : Exception($"the power was cut at operation {operation}");

/// <summary>Where in an operation the power goes.</summary>
internal enum CutPhase
{
    Before,

    /// <summary>The operation is half done: torn content, some of several steps.</summary>
    During,

    /// <summary>It is done in memory; what was not flushed may be lost.</summary>
    After,
}

internal readonly record struct CutPoint(int Operation, CutPhase Phase);
