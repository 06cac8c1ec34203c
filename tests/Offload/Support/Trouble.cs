namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>How the test server misbehaves at inference.</summary>
internal enum Trouble
{
    None,

    // Refusals and waits.
    Overloaded,
    Unavailable,
    UnavailableUntilDate,
    Crash,
    GatewayTimeout,
    HangBeforeHead,
    HangInBody,
    Reset,
    ResetInBody,
    Redirect,

    // Sound messages that answer something else.
    OtherModel,
    OtherVersion,
    OtherId,
    OtherDataType,
    OtherShape,
    UnknownDataType,
    MissingOutput,
    TwiceTheOutput,

    // Messages that are not sound.
    Malformed,
    WrongLength,
    TrailingBytes,
    HugeBody,
    EndlessBody,
    EmptyBody,
    NoTensors,

    // Of REST alone.
    HeaderBeyondBody,
    HeaderNoNumber,
    ErrorUnder200,

    // Of gRPC alone.
    Compressed,
    NoStatus,
    StatusNoNumber,
    StatusAndNoMessage,
    TwoMessages,
    NotGrpc,
    CalmDown,
}
