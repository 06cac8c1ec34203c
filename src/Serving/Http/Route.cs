using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Http;

/// <summary>
/// What a request's target names. Paths are compared as they were sent: names need no percent-encoding, so one that has any, or dots for
/// a way up, is no path of ours.
/// </summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Model">A valid identifier where a model is named, else empty.</param>
/// <param name="Version">The version that is asked for; null for whichever serves.</param>
internal readonly record struct Route(RouteKind Kind, string Model = "", string? Version = null)
{
    private const int MostParts = 7;

    /// <summary>The methods that it takes, as the header Allow says it.</summary>
    public string Allow => IsPost ? "POST" : "GET, HEAD";

    public bool Takes(string method) => IsPost ? method == "POST" : method is "GET" or "HEAD";

    private bool IsPost => Kind is RouteKind.Infer or RouteKind.Index or RouteKind.Load or RouteKind.Unload;

    public static Route Of(ReadOnlySpan<char> target)
    {
        int query = target.IndexOf('?');
        if (query >= 0) target = target[..query];
        if (target is not ['/', ..]) return default;
        target = target is ['/', .., '/'] ? target[1..^1] : target[1..];
        Span<Range> ranges = stackalloc Range[MostParts];
        int count = target.Split(ranges, '/');
        if (count == 1) return Single(target);
        if (target[ranges[0]] is not "v2" || count == MostParts) return default;
        var first = target[ranges[1]];
        var second = count > 2 ? target[ranges[2]] : default;
        return first switch
        {
            "health" when count == 3 => Health(second),
            "models" when count > 2 => OfModel(target, ranges[2..count]),
            "repository" when count == 3 && second is "index" => new Route(RouteKind.Index),
            "repository" when count == 5 && second is "models" => Change(target[ranges[3]], target[ranges[4]]),
            _ => default,
        };
    }

    private static Route Single(ReadOnlySpan<char> part) => part switch
    {
        "v2" => new Route(RouteKind.Server),
        "metrics" => new Route(RouteKind.Metrics),
        _ => default,
    };

    private static Route Health(ReadOnlySpan<char> part) => part switch
    {
        "live" => new Route(RouteKind.Live),
        "ready" => new Route(RouteKind.Ready),
        _ => default,
    };

    // {name}[/versions/{version}][/ready|/infer]
    private static Route OfModel(ReadOnlySpan<char> target, ReadOnlySpan<Range> parts)
    {
        string? version = null;
        var name = target[parts[0]];
        var rest = parts[1..];
        if (rest.Length >= 2 && target[rest[0]] is "versions")
        {
            version = target[rest[1]].ToString();
            rest = rest[2..];
        }
        if (!Identifier.IsValid(name) || rest.Length > 1) return default;
        return rest.Length == 0 ? new Route(RouteKind.Model, name.ToString(), version) : target[rest[0]] switch
        {
            "ready" => new Route(RouteKind.ModelReady, name.ToString(), version),
            "infer" => new Route(RouteKind.Infer, name.ToString(), version),
            _ => default,
        };
    }

    private static Route Change(ReadOnlySpan<char> name, ReadOnlySpan<char> what) => !Identifier.IsValid(name) ? default : what switch
    {
        "load" => new Route(RouteKind.Load, name.ToString()),
        "unload" => new Route(RouteKind.Unload, name.ToString()),
        _ => default,
    };
}
