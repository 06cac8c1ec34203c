namespace EdgeRuntime.Bundles;

/// <summary>Why a bundle, a manifest, a key, a target or a store was refused.</summary>
public enum BundleError
{
    NotABundle,
    NotCanonical,
    InvalidName,
    LimitExceeded,
    UnsupportedVersion,
    InvalidManifest,
    MissingEntry,
    UnexpectedEntry,
    DigestMismatch,
    NoTrust,
    InvalidSignature,
    UntrustedKey,
    WrongTarget,
    Rollback,
    ForbiddenContent,
    InvalidKey,
    InvalidTarget,
    InvalidArray,
    NotInstalled,
    StoreDamaged,
    NoSpace,
    Storage,
}

/// <summary>A bundle or what belongs to it is refused; the message names the thing, the value and the limit.</summary>
public sealed class BundleException : Exception
{
    public BundleException(BundleError error, string message) : base(message) => Error = error;

    public BundleException(BundleError error, string message, Exception inner) : base(message, inner) => Error = error;

    public BundleError Error { get; }
}
