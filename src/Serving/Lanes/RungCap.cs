namespace EdgeRuntime.Serving.Lanes;

/// <summary>The best rung that may be used at present.</summary>
/// <param name="Index">Its place on the ladder; 0 for no cap. A ladder that is shorter keeps its last rung.</param>
/// <param name="Reason">Why, as a request that is refused for it and the state's document say it.</param>
/// <param name="FreesMemory">Whether better rungs are to be closed for the time being.</param>
internal sealed record RungCap(int Index, string Reason = "", bool FreesMemory = false)
{
    public static readonly RungCap None = new(0);
}
