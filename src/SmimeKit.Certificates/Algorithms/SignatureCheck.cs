namespace SmimeKit.Certificates;

/// <summary>What the mathematics of one signature says. It proves nothing about whom the key belongs to.</summary>
public enum SignatureCheck
{
    /// <summary>The signature does not fit the input and the key.</summary>
    Mismatch,

    /// <summary>The signature was made over this input with the private half of this key.</summary>
    Match,

    /// <summary>The key cannot be used with this algorithm, or breaks a rule that keeps the mathematics safe.</summary>
    UnusableKey,
}
