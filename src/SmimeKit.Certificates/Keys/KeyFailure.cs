namespace SmimeKit.Certificates;

/// <summary>What is said of a private key that fails. Never why: the reasons of the platform may tell about the key.</summary>
internal static class KeyFailure
{
    internal static StoreException Unusable() => new("key-unusable", "The private key could not be used.");

    internal static MalformedDataException Malformed() => new("private-key-malformed", "The private key is malformed");
}
