namespace EdgeRuntime.TestKit.Processes;

/// <summary>Files that the kernel shows of processes and threads.</summary>
public static class ProcText
{
    /// <summary>What a file says; empty where its process or thread has ended, which may happen between any two lines.</summary>
    public static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
