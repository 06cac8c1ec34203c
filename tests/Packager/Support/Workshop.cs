using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Commands;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>A folder of a test's own, gone with it, with a signing key; runs the program's entry point in this process.</summary>
internal sealed class Workshop : IDisposable
{
    public Workshop()
    {
        SigningKey = Bundles.SigningKey.Generate(SignatureAlgorithm.Ed25519).Save(this["keys"], "test");
        Trust = System.IO.Path.ChangeExtension(SigningKey, ".pub");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("packager-").FullName;

    public string SigningKey { get; }

    public string Trust { get; }

    public TrustPolicy Policy => TrustPolicy.Load(Trust);

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public static ProgramRun Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exitCode = CommandLine.Run(arguments, new CommandOutput(output, errors, isTerminal: false), Xunit.TestContext.Current.CancellationToken);
        return new ProgramRun(exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Builds OUT.bundle of a model for x86-avx2, with timings of its own.</summary>
    public ProgramRun Build(string model, string output = "out.bundle", params string[] more) =>
        Run(["build", model, "--name", "test", "--version", "1.2.3", "--sign", SigningKey, "-o", this[output],
            .. more.Contains("--target") ? Array.Empty<string>() : ["--target", "x86-avx2"],
            .. more.Contains("--variants") ? Array.Empty<string>() : ["--variants", "fp32"], .. more]);

    public VerifiedBundle Open(string bundle = "out.bundle") => VerifiedBundle.Open(this[bundle], Policy);

    public void Dispose()
    {
        foreach (var file in Directory.GetFiles(Path, "*", SearchOption.AllDirectories)) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>What a run of the program left.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    public ProgramRun Expect(int exitCode) => ExitCode == exitCode ? this : throw new InvalidOperationException($"exit code {ExitCode}, expected {exitCode}\n{Output}\n{Errors}");
}
