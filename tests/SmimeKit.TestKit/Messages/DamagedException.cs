namespace SmimeKit.TestKit.Messages;

/// <summary>A reader reported, without an exception, that a message is not what was written.</summary>
public sealed class DamagedException : Exception;
