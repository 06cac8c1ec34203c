using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.TestKit.Bundles;

/// <summary>What tests add to a bundle as it is made.</summary>
internal static class BundleEdits
{
    /// <summary>The bundle's model takes an image of a text line as its input <c>x</c>.</summary>
    public static Manifest TakesImages(BundleWriter writer, Manifest manifest)
    {
        writer.Add("preprocess/model.onnx", TestModels.TextLineImage());
        return manifest with { Preprocess = new PreprocessStep { Path = "preprocess/model.onnx", Input = "x", ContentTypes = ["image/png"] } };
    }
}
