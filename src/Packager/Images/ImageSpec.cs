namespace EdgeRuntime.Packaging.Images;

/// <summary>How the pixels of a decoded image become a model's input; the written form is that of <c>--image</c>.</summary>
internal sealed record ImageSpec
{
    public const int MaximumSide = 16_384, DefaultMinimumWidth = 16, DefaultMaximumWidth = 3_200;

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels; null where the width follows from the height and the image's aspect ratio.</summary>
    public required int? Width { get; init; }

    /// <summary>Bounds of a width that follows from the image: nothing is ever narrower, nor so wide that a crafted image takes the memory.</summary>
    public int MinimumWidth { get; init; } = DefaultMinimumWidth;

    public int MaximumWidth { get; init; } = DefaultMaximumWidth;

    /// <summary>Blue, green, red; else red, green, blue.</summary>
    public bool Bgr { get; init; }

    /// <summary>Whether channels come last: [1, H, W, 3]; else [1, 3, H, W].</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Subtracted from x / 255, for each channel in the model's order.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <summary>Divides what is left.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = [1, 1, 1];

    /// <summary>Batch, channels, height and width as the layout has them; -1 for a width that varies.</summary>
    public IReadOnlyList<long> Shape => ChannelsLast ? [1, Height, Width ?? -1, 3] : [1, 3, Height, Width ?? -1];

    public int WidthAxis => ChannelsLast ? 2 : 3;
}
