namespace SmimeKit.Certificates;

/// <summary>Builds and validates certification paths, RFC 5280 §6.1, for S/MIME (RFC 8550 §4).</summary>
/// <remarks>
/// <para>Issuers are found by name (RFC 5280 §7.1); key identifiers only order the candidates. All candidates of a name are tried until
/// a path satisfies everything, so a renewed or cross-signed CA does not break a path that another certificate of it completes.</para>
/// <para>An anchor is a certificate that the caller lists. Its own signature is not looked at; its constraints (basicConstraints,
/// keyUsage, extKeyUsage, critical extensions, validity unless <see cref="CertificatePolicy.CheckAnchorValidity"/> is off) hold like
/// those of any CA, so that listing a person's certificate does not make that person a CA. Version 1 and 2 certificates, which cannot
/// carry constraints, issue only as anchors. A leaf that is listed itself is a path of one.</para>
/// <para>Nothing is fetched. Certificate policies and name constraints are not evaluated: name constraints in a CA and critical policy
/// extensions anywhere make a path untrusted rather than being passed over.</para>
/// </remarks>
public static class CertificatePathValidator
{
    /// <summary>Validates a certificate.</summary>
    /// <param name="leaf">The certificate to judge.</param>
    /// <param name="options">Anchors, time, purpose and the rest.</param>
    /// <param name="cancellationToken">Ends the search, looked at between its steps.</param>
    /// <returns>The report. A certificate that is not trusted is a report too, never an exception.</returns>
    /// <exception cref="StoreException">The anchors or a store cannot be read.</exception>
    /// <exception cref="ArgumentException">An option is null or undefined.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ValueTask<PathValidationResult> ValidateAsync(
        Certificate leaf, PathValidationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Anchors, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Stores, nameof(options));
        ArgumentNullException.ThrowIfNull(options.ExtraCertificates, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Policy, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Limits, nameof(options));
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        if (options.Purpose is < CertificatePurpose.Any or > CertificatePurpose.EmailEncryption)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Purpose, "The purpose is not defined.");
        }

        return new PathSearch(leaf, options).RunAsync(cancellationToken);
    }
}
