using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>64 by 64 bit polynomial multiplication: by the processor's instruction, else in constant time by integer multiplication.</summary>
internal static class CarrylessMultiplication
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> LowLow(Vector128<ulong> a, Vector128<ulong> b) =>
        Pclmulqdq.IsSupported ? Pclmulqdq.CarrylessMultiply(a, b, 0x00)
            : ArmAes.IsSupported ? ArmAes.PolynomialMultiplyWideningLower(a.GetLower(), b.GetLower())
            : Portable(a.GetElement(0), b.GetElement(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> HighHigh(Vector128<ulong> a, Vector128<ulong> b) =>
        Pclmulqdq.IsSupported ? Pclmulqdq.CarrylessMultiply(a, b, 0x11)
            : ArmAes.IsSupported ? ArmAes.PolynomialMultiplyWideningUpper(a, b)
            : Portable(a.GetElement(1), b.GetElement(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> LowHigh(Vector128<ulong> a, Vector128<ulong> b) =>
        Pclmulqdq.IsSupported ? Pclmulqdq.CarrylessMultiply(a, b, 0x10)
            : ArmAes.IsSupported ? ArmAes.PolynomialMultiplyWideningLower(a.GetLower(), b.GetUpper())
            : Portable(a.GetElement(0), b.GetElement(1));

    /// <summary>The product without a polynomial instruction.</summary>
    internal static Vector128<ulong> Portable(ulong a, ulong b) =>
        Vector128.Create(LowHalf(a, b), Reverse(LowHalf(Reverse(a), Reverse(b))) >> 1);

    // Every fourth bit is kept in a factor, so that carries of the integer products fall into gaps of three bits and are masked
    // away: at most 16 ones add up in a column.
    private static ulong LowHalf(ulong a, ulong b)
    {
        const ulong Mask = 0x1111111111111111;
        (ulong a0, ulong a1, ulong a2, ulong a3) = (a & Mask, a & (Mask << 1), a & (Mask << 2), a & (Mask << 3));
        (ulong b0, ulong b1, ulong b2, ulong b3) = (b & Mask, b & (Mask << 1), b & (Mask << 2), b & (Mask << 3));
        ulong c0 = (a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1);
        ulong c1 = (a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2);
        ulong c2 = (a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3);
        ulong c3 = (a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0);
        return (c0 & Mask) | (c1 & (Mask << 1)) | (c2 & (Mask << 2)) | (c3 & (Mask << 3));
    }

    private static ulong Reverse(ulong value)
    {
        value = ((value >> 1) & 0x5555555555555555) | ((value & 0x5555555555555555) << 1);
        value = ((value >> 2) & 0x3333333333333333) | ((value & 0x3333333333333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F0F0F0F0F) | ((value & 0x0F0F0F0F0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }
}
