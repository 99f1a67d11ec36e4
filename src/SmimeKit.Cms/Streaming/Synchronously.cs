namespace SmimeKit.Cms.Streaming;

/// <summary>Ends a synchronous call into the one state machine.</summary>
internal static class Synchronously
{
    /// <summary>
    /// Returns the result of an operation that was started in synchronous mode: it has completed already, unless a private key lives
    /// elsewhere, for which the call then waits.
    /// </summary>
    internal static T Finish<T>(this ValueTask<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Finish{T}(ValueTask{T})"/>
    internal static void Finish(this ValueTask task)
    {
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
        }
        else
        {
            task.AsTask().GetAwaiter().GetResult();
        }
    }
}
