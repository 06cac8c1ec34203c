namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>A request of a scenario, with the luck that it has whatever is decided.</summary>
/// <param name="Id">Its place in the scenario.</param>
/// <param name="At">When it comes, in seconds.</param>
/// <param name="Deadline">Until when its answer is worth something.</param>
/// <param name="Floor">The least quality that it takes.</param>
/// <param name="Bytes">Of its payload.</param>
/// <param name="MayOffload">Whether the server may have it.</param>
/// <param name="Luck">Factor of its run here.</param>
/// <param name="ServerLuck">Factor of its run there.</param>
internal sealed record SimRequest(int Id, double At, double Deadline, double Floor, double Bytes, bool MayOffload, double Luck, double ServerLuck);
