using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>Whom a call is about, as messages name it, and the outcomes that all transports have in common.</summary>
/// <param name="Address">The server.</param>
/// <param name="Model">The model; null for the server itself.</param>
internal readonly record struct ClusterSite(string Address, ClusterModel? Model)
{
    private const int ShownCharacters = 300;

    public ClusterOutcome Late(TimeSpan budget) =>
        new(InferenceStatus.DeadlineExceeded, ClusterFault.Late, $"{this} did not answer within the {budget.TotalMilliseconds:0.###} ms that were left");

    public ClusterOutcome GivenUp() => new(InferenceStatus.Cancelled, ClusterFault.Cancelled, $"the call to {this} was given up");

    public ClusterOutcome Unsendable(string why, InferenceStatus status = InferenceStatus.InvalidArgument) =>
        new(status, ClusterFault.Request, $"the request cannot be sent to {this}: {why}");

    public ClusterOutcome Unreachable(string why) => new(InferenceStatus.Unavailable, ClusterFault.Unreachable, $"{this} cannot be reached: {why}");

    public ClusterOutcome BadAnswer(string why) => new(InferenceStatus.Internal, ClusterFault.BadAnswer, $"{this} gave an answer that cannot be used: {why}");

    public ClusterOutcome NotReady() => new(InferenceStatus.Unavailable, ClusterFault.Refused, $"{this} is not ready");

    public ClusterOutcome Refused(InferenceStatus status, string how, string text, TimeSpan? retryAfter) =>
        new(status, ClusterFault.Refused, text.Length == 0 ? $"{this} refused: {how}" : $"{this} refused: {how}: {Printable(text)}", retryAfter);

    public override string ToString() => Model is null ? $"server '{Address}'" : $"{Model} of server '{Address}'";

    // Words of a server are passed on and logged: bounded, and without what would move a terminal's cursor.
    private static string Printable(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, ShownCharacters) + 3);
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= ShownCharacters) return shown.Append("...").ToString();
            shown.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }
        return shown.ToString();
    }
}
