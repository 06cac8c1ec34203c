using System.Globalization;

namespace EdgeRuntime.Packaging.Calibration.Ranges;

/// <summary>The methods by their names.</summary>
internal static class RangeMethods
{
    private const char Argument = ':';

    private static readonly IReadOnlyList<IRangeMethod> All = [new SquaredErrorRange(), new MinMaxRange(), new PercentileRange(PercentileRange.Default), new EntropyRange()];

    /// <summary>What fits most models.</summary>
    public static IRangeMethod Default => All[0];

    /// <summary>For people.</summary>
    public static string Choices { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{SquaredErrorRange.MethodName}, {MinMaxRange.MethodName}, {PercentileRange.MethodName}, {PercentileRange.MethodName}:P (P of {PercentileRange.Least} to {PercentileRange.All}, else {PercentileRange.Default}), {EntropyRange.MethodName}");

    /// <returns>Null where there is no such method.</returns>
    public static IRangeMethod? Find(string name)
    {
        var parts = name.Split(Argument, 2);
        if (parts.Length == 1) return All.FirstOrDefault(method => method.Name.Split(Argument)[0] == name);
        if (parts[0] != PercentileRange.MethodName) return null;
        var isNumber = decimal.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent);
        return isNumber && percent is >= PercentileRange.Least and <= PercentileRange.All ? new PercentileRange(percent) : null;
    }
}
