namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Where issuers come from: the message, the stores, the anchors.</summary>
public sealed class PathSourceTests
{
    private readonly TestAuthority _root = new("CN=Root");
    private readonly TestAuthority _ca = new("CN=Mail CA");

    [Fact]
    [Trait("Requirement", "R3850-2.3-d")]
    [Trait("Requirement", "R3850-4.2-d")]
    public void Stores_SupplyIssuersThatTheMessageLeavesOut()
    {
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(_ca), _ca.Leaf());
        var empty = new TestStore(honest: true);
        var store = new TestStore(honest: true, ca, leaf);
        PathValidationOptions options = PathTest.Options([root]) with { Stores = [empty, store] };
        PathTest.IsTrusted(options.Validate(leaf), leaf, ca, root);
        Assert.Equal((1, 1), (empty.Questions, store.Questions));
    }

    [Fact]
    public void Stores_AreNotAskedWhenTheMessageHasAll()
    {
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(_ca), _ca.Leaf());
        var store = new TestStore(honest: true);
        PathValidationOptions options = PathTest.Options([root], ca) with { Stores = [store] };
        PathTest.IsTrusted(options.Validate(leaf), leaf, ca, root);
        Assert.Equal(0, store.Questions);
    }

    [Fact]
    public void Stores_AreAskedWhenTheCertificateOfTheMessageWillNotDo()
    {
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(_ca), _ca.Leaf());
        Certificate expired = _root.Certify(_ca, c => c with { NotAfter = TestAuthority.Now.AddDays(-1) });
        PathValidationOptions options = PathTest.Options([root], expired) with { Stores = [new TestStore(honest: true, ca)] };
        PathTest.IsTrusted(options.Validate(leaf), leaf, ca, root);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Stores_ThatAnswerBesideTheQuestion_AreIgnored()
    {
        var stranger = new TestAuthority("CN=Stranger", _ca.Key); // the right key under another name
        Certificate leaf = _ca.Leaf();
        PathValidationOptions options = PathTest.Options([_root.Root()]) with
        {
            Stores = [new TestStore(honest: false, _root.Certify(stranger), leaf)],
        };
        PathTest.IsUntrusted(options.Validate(leaf), PathProblemCodes.NoAnchor);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Anchors_ThatAnswerBesideTheQuestion_AreIgnored()
    {
        var stranger = new TestAuthority("CN=Stranger", _ca.Key);
        PathValidationOptions options = PathTest.Options([]) with { Anchors = new CarelessAnchors(stranger.Root()) };
        PathTest.IsUntrusted(options.Validate(_ca.Leaf()), PathProblemCodes.NoAnchor);
    }

    [Fact]
    public void Stores_ThatCannotBeRead_SaySo()
    {
        PathValidationOptions options = PathTest.Options([_root.Root()]) with { Stores = [new BrokenStore()] };
        Assert.Equal("store-unreadable", Assert.Throws<StoreException>(() => options.Validate(_ca.Leaf())).Code);
    }

    [Fact]
    public async Task Cancellation_EndsTheSearch()
    {
        PathValidationOptions options = PathTest.Options([_root.Root()]) with { Stores = [new TestStore(honest: true)] };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await CertificatePathValidator.ValidateAsync(_ca.Leaf(), options, new CancellationToken(canceled: true)));
    }

    [Fact]
    [Trait("Requirement", "R3850-2.3-a")]
    [Trait("Requirement", "R8550-2.3-a")]
    [Trait("Requirement", "R3850-4.2-c")]
    public void Certificates_ShuffledWithStrangersAndDuplicates_Suffice()
    {
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(_ca), _ca.Leaf());
        IEnumerable<Certificate> strangers = Enumerable.Range(0, 66).Select(i => new TestAuthority($"CN=Stranger {i}", _ca.Key).Root());
        Certificate[] bag = [.. strangers, .. Enumerable.Repeat(ca, 67), .. Enumerable.Repeat(leaf, 67)];
        for (int seed = 0; seed < 20; seed++)
        {
            new Random(seed).Shuffle(bag);
            PathValidationResult result = PathTest.Validate(leaf, [root], bag);
            PathTest.IsTrusted(result, leaf, ca, root);
            Assert.Equal(2, result.SignatureChecks);
        }
    }

    [Fact]
    [Trait("Requirement", "R3850-2.3-f")]
    public void Certificates_InThousands_Suffice()
    {
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(_ca), _ca.Leaf());
        byte[] stranger = new TestAuthority("CN=Stranger 0000", _ca.Key).Root().RawData.ToArray();
        Certificate[] bag =
        [
            .. Enumerable.Range(0, 10_000).Select(i => Renamed(stranger, i)),
            ca,
        ];
        PathValidationResult result = PathTest.Validate(leaf, [root], bag);
        PathTest.IsTrusted(result, leaf, ca, root);
        Assert.Equal(2, result.SignatureChecks);
    }

    // Another name in place: the signature no longer holds, which nobody is to look at.
    private static Certificate Renamed(byte[] certificate, int number)
    {
        byte[] copy = [.. certificate];
        byte[] digits = System.Text.Encoding.ASCII.GetBytes(number.ToString("D4", System.Globalization.CultureInfo.InvariantCulture));
        for (int at = copy.AsSpan().IndexOf("Stranger "u8); at >= 0;)
        {
            digits.CopyTo(copy.AsSpan(at + 9));
            int next = copy.AsSpan(at + 1).IndexOf("Stranger "u8);
            at = next < 0 ? next : at + 1 + next;
        }

        return Certificate.Decode(copy);
    }

    private sealed class CarelessAnchors(Certificate anchor) : ITrustAnchors
    {
        public ValueTask<IReadOnlyList<Certificate>> FindAsync(DistinguishedName subject, CancellationToken cancellationToken = default) =>
            new([anchor]);

        public ValueTask<bool> ContainsAsync(Certificate certificate, CancellationToken cancellationToken = default) => new(false);
    }
}
