namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>The state of a polynomial hash between two blocks, in words of the hash's own meaning. Secret.</summary>
internal readonly record struct HashState(ulong First, ulong Second, ulong Third = 0);
