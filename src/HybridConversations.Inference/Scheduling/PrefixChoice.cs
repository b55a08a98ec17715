using System.Runtime.InteropServices;

namespace HybridConversations.Inference.Scheduling;

/// <summary>Where a prompt's beginning could come from, in tokens; a pure function chooses.</summary>
/// <param name="Own">What its conversation's own slot holds of it; null when it has none.</param>
/// <param name="Donor">What another slot holds of it and may share.</param>
/// <param name="DonorIsFree">Nobody owns that slot, and the prompt goes on about where it ends.</param>
/// <param name="Parked">What host memory has of it.</param>
/// <param name="Disk">What the disk has of it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PrefixOffer(int? Own, int Donor, bool DonorIsFree, int Parked, int Disk)
{
    /// <summary>Tokens that are resident.</summary>
    public int Resident => Math.Max(Own ?? 0, Donor);
}

/// <summary>Where a prompt's beginning comes from.</summary>
/// <param name="Slot">Whose slot it takes.</param>
/// <param name="Shared">Tokens up to which another slot shares what it holds; 0: it does not.</param>
/// <param name="Saved">Which tier brings more than is resident.</param>
/// <param name="SavedLength">Tokens up to which it does.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PrefixChoice(SlotSource Slot, int Shared, SavedSource Saved, int SavedLength)
{
    /// <summary>Takes most tokens from what is nearest: another tier must bring <paramref name="worthwhile"/> more to be asked.</summary>
    public static PrefixChoice Of(in PrefixOffer offer, int worthwhile)
    {
        var (saved, length) = offer.Disk >= offer.Parked + worthwhile ? (SavedSource.Disk, offer.Disk) : (SavedSource.Parked, offer.Parked);
        if (length < offer.Resident + worthwhile)
        {
            (saved, length) = (SavedSource.None, 0);
        }

        var slot = offer.Own is not null ? SlotSource.Own
            : saved == SavedSource.None && offer.DonorIsFree ? SlotSource.Donor
            : SlotSource.Empty;
        return new PrefixChoice(slot, slot == SlotSource.Donor || offer.Donor <= (offer.Own ?? 0) ? 0 : offer.Donor, saved, length);
    }
}

/// <summary>Which slot a prompt is read into.</summary>
internal enum SlotSource
{
    /// <summary>An empty one.</summary>
    Empty,

    /// <summary>Its conversation's own.</summary>
    Own,

    /// <summary>One that nobody owns, and that it goes on.</summary>
    Donor,
}

/// <summary>Which tier outside the KV memory brings a beginning back.</summary>
internal enum SavedSource
{
    None,
    Parked,
    Disk,
}
