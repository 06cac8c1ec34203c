namespace EdgeRuntime.Packaging.Passes.Opsets;

// y = BatchNormalization(x, ...; spatial=1)  ==>  y = BatchNormalization(x, ...)
/// <summary>Since opset 9 there are statistics of channels only, not of single elements.</summary>
internal static class StatisticsPerChannel
{
    public static string? Convert(NodeUpgrade node) => node.Take("spatial") is { I: 0 } ? "it has statistics of each element, spatial is 0" : null;
}
