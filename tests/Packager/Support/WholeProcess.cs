using Xunit;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>Tests that read counters of the whole process: none runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}
