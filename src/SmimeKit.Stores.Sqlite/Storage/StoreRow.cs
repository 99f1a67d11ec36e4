using Microsoft.Data.Sqlite;
using SmimeKit.Certificates;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>The row that a reader stands on. A value of an unexpected type is damage, whoever did it.</summary>
internal readonly struct StoreRow(SqliteDataReader reader)
{
    internal long Int64(int column) => reader.GetValue(column) is long value ? value : throw Unexpected();

    internal int Int32(int column) => Int64(column) is >= int.MinValue and <= int.MaxValue and long value ? (int)value : throw Unexpected();

    internal byte[] Bytes(int column) => reader.GetValue(column) is byte[] value ? value : throw Unexpected();

    internal string Text(int column) => reader.GetValue(column) is string value ? value : throw Unexpected();

    internal bool IsNull(int column) => reader.IsDBNull(column);

    /// <summary>An instant, stored as ticks of 100 ns since 0001-01-01 UTC.</summary>
    internal DateTimeOffset Instant(int column)
    {
        long ticks = Int64(column);
        return ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw Unexpected();
    }

    internal CertificateProvenance Provenance(int column) => Int64(column) switch
    {
        0 => CertificateProvenance.Harvested,
        1 => CertificateProvenance.Imported,
        2 => CertificateProvenance.Pinned,
        _ => throw Unexpected(),
    };

    /// <summary>A certificate, with the column of its fingerprint: a damaged page must not turn into a certificate.</summary>
    internal Certificate Certificate(int column, int sha256Column)
    {
        Certificate certificate = Decode(Bytes(column));
        return certificate.Sha256.Span.SequenceEqual(Bytes(sha256Column))
            ? certificate
            : throw StoreErrors.Damaged("a certificate does not have its fingerprint");
    }

    private static Certificate Decode(byte[] der)
    {
        try
        {
            return Certificates.Certificate.Decode(der);
        }
        catch (Exception e) when (e is MalformedDataException or LimitExceededException)
        {
            throw StoreErrors.Damaged("a certificate does not decode");
        }
    }

    private static StoreException Unexpected() => StoreErrors.Damaged("a column has an impossible value");
}
