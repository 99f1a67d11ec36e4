using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Stores;

/// <summary>One store, fresh and empty, with the means to look at it again as a later process would.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>Gets the store.</summary>
    public abstract ICertificateStore Store { get; }

    /// <summary>Gets what is written to.</summary>
    public abstract ICertificateSink Sink { get; }

    /// <summary>Closes the store and opens what it left behind.</summary>
    /// <returns>False when nothing is durable here; then the store stays as it was.</returns>
    public virtual ValueTask<bool> ReopenAsync() => ValueTask.FromResult(false);

    /// <summary>Removes what the store left behind.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
