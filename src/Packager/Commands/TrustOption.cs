using System.CommandLine;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>--trust KEYS [--threshold N]</c>: whose signatures count.</summary>
internal sealed class TrustOption
{
    private readonly Option<string[]> _keys;
    private readonly Option<int> _threshold = new("--threshold") { Description = "How many trusted keys must have signed", DefaultValueFactory = _ => 1, HelpName = "N" };

    public TrustOption(Command command, bool required)
    {
        _keys = new Option<string[]>("--trust") { Description = "Public key files, or folders of *.pub", Required = required, HelpName = "KEYS", AllowMultipleArgumentsPerToken = true };
        command.Options.Add(_keys);
        command.Options.Add(_threshold);
    }

    /// <returns>Null where no key is named.</returns>
    public TrustPolicy? PolicyOrNull(ParseResult parsed) => parsed.GetValue(_keys) is { Length: > 0 } keys
        ? TrustPolicy.Load(keys.SelectMany(Lists.Split), parsed.GetValue(_threshold))
        : null;

    public TrustPolicy Policy(ParseResult parsed) => PolicyOrNull(parsed) ?? throw new UsageException("--trust names no key");
}
