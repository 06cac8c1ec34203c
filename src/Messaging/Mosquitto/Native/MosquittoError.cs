namespace EdgeRuntime.Messaging.Native;

/// <summary><c>enum mosq_err_t</c>, as far as the link tells its values apart.</summary>
internal enum MosquittoError
{
    ConnectionPending = -1,
    Success = 0,
    NoMemory = 1,
    Invalid = 3,
    NotConnected = 4,
    ConnectionRefused = 5,
    ConnectionLost = 7,
    Tls = 8,
    Errno = 14,
    NameLookup = 15,
    KeepAlive = 19,
}
