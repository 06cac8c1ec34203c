using System.Globalization;

namespace EdgeRuntime.Packaging.Images;

/// <summary>
/// Reads <c>--image</c>: <c>resize=48xW,bgr,mean=0.5,std=0.5</c>. Parts are separated by commas, numbers of channels by <c>|</c>. Unknown, repeated
/// and contradicting parts are refused.
/// </summary>
internal static class ImageOption
{
    public const string Form = "resize=HxW (or 48xW for a width by aspect ratio),rgb|bgr,nchw|nhwc,mean=M[|M|M],std=S[|S|S],min-width=N,max-width=N";
    private const int MaximumLength = 1024;

    private static readonly Dictionary<string, Action<Draft, string>> Keys = new(StringComparer.Ordinal)
    {
        ["resize"] = Resize,
        ["mean"] = static (draft, value) => draft.Mean = Channels("mean", value, -1000, 1000),
        ["std"] = static (draft, value) => draft.Deviation = Channels("std", value, 1e-6, 1e6),
        ["min-width"] = static (draft, value) => draft.MinimumWidth = Size("min-width", value),
        ["max-width"] = static (draft, value) => draft.MaximumWidth = Size("max-width", value),
    };

    /// <exception cref="UsageException">A part is wrong; the message names it.</exception>
    public static ImageSpec Parse(string text)
    {
        if (text.Length is 0 or > MaximumLength) throw new UsageException($"--image has {text.Length} characters, 1 to {MaximumLength} are allowed: {Form}");
        var draft = new Draft();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',')) Take(draft, part.Trim(), seen);
        return draft.Finish();
    }

    private static void Take(Draft draft, string part, HashSet<string> seen)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? part : part[..equals];
        var group = key switch { "rgb" or "bgr" => "colour order", "nchw" or "nhwc" => "layout", _ => key };
        if (equals < 0 && group == key || equals >= 0 && !Keys.ContainsKey(key))
            throw new UsageException($"--image: unknown part '{Quote(part)}': {Form}");
        if (!seen.Add(group)) throw new UsageException($"--image: {group} is given twice");
        if (equals >= 0) Keys[key](draft, part[(equals + 1)..]);
        else if (group == "layout") draft.ChannelsLast = key == "nhwc";
        else draft.Bgr = key == "bgr";
    }

    private static void Resize(Draft draft, string value)
    {
        if (value.Split('x') is not [var height, var width])
            throw new UsageException($"--image: resize={Quote(value)} is not HEIGHTxWIDTH, such as 224x224, or 48xW for a width by aspect ratio");
        draft.Height = Size("resize height", height);
        draft.Width = width == "W" ? null : Size("resize width", width);
    }

    private static int Size(string what, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= ImageSpec.MaximumSide
            ? size
            : throw new UsageException($"--image: {what} '{Quote(text)}' is not a number of pixels from 1 to {ImageSpec.MaximumSide}");

    private static double[] Channels(string what, string text, double least, double most)
    {
        var values = text.Split('|').Select(number => Number(what, number, least, most)).ToArray();
        return values.Length switch
        {
            1 => [values[0], values[0], values[0]],
            3 => values,
            _ => throw new UsageException($"--image: {what} has {values.Length} numbers, 1 or 3 are allowed"),
        };
    }

    private static double Number(string what, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
        && value >= least && value <= most
            ? value
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--image: {what} '{Quote(text)}' is not a number from {least} to {most}"));

    private static string Quote(string text) => Bundles.Identifier.Quote(text);

    private sealed class Draft
    {
        public int Height { get; set; }

        public int? Width { get; set; }

        public int? MinimumWidth { get; set; }

        public int? MaximumWidth { get; set; }

        public bool Bgr { get; set; }

        public bool ChannelsLast { get; set; }

        public double[] Mean { get; set; } = [0, 0, 0];

        public double[] Deviation { get; set; } = [1, 1, 1];

        public ImageSpec Finish()
        {
            if (Height == 0) throw new UsageException($"--image: resize is missing: {Form}");
            if (Width is not null && (MinimumWidth ?? MaximumWidth) is not null) throw new UsageException("--image: min-width and max-width go with a width by aspect ratio (resize=48xW)");
            int least = MinimumWidth ?? ImageSpec.DefaultMinimumWidth, most = MaximumWidth ?? Math.Max(least, ImageSpec.DefaultMaximumWidth);
            if (least > most) throw new UsageException($"--image: min-width {least} is over max-width {most}");
            return new ImageSpec
            {
                Height = Height,
                Width = Width,
                MinimumWidth = least,
                MaximumWidth = most,
                Bgr = Bgr,
                ChannelsLast = ChannelsLast,
                Mean = Mean,
                Deviation = Deviation,
            };
        }
    }
}
