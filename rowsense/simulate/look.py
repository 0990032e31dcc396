"""What a rower wears, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from rowsense.simulate.solids import Colour


@dataclass(frozen=True, slots=True)
class LookSpec:
    """Clothes, skin and hair. Lengths are shares of a limb: ``sleeve`` 0 = none, 1 = to the elbow, 2 = to the wrist;
    ``leg`` 0.4 = shorts, 1 = to the knee, 2 = to the ankle.

    Cloth moves with the body and changes the silhouette. The back line of the truth is the outline of the dressed
    trunk, so it follows the cloth; hood, bun and hanging hair are solids of their own and never part of it.
    """

    skin: Colour = (0.86, 0.66, 0.54)
    top: Colour = (0.16, 0.20, 0.38)
    bottom: Colour = (0.10, 0.10, 0.13)
    shoes: Colour = (0.78, 0.16, 0.14)
    socks: Colour = (0.92, 0.92, 0.92)
    hair: Colour = (0.20, 0.13, 0.09)
    sleeve: float = 0.0
    leg: float = 0.5
    loose_m: float = 0.004
    """How far the top stands off the skin."""
    hair_style: str = "short"
    """``short``, ``bun``, ``cap``, ``long`` (to the shoulder blades) or ``ponytail``."""
    bottom_loose_m: float = 0.004
    """How far shorts or trousers stand off the skin; less where the rower sits on them."""
    drape_ratio: float = 0.0
    """How far the top bridges the hollows of the trunk: 0 = it follows the skin, 1 = it hangs from rise to rise."""
    bag_m: float = 0.0
    """How much more the top stands off at the lower back."""
    hang_m: float = 0.0
    """How far loose cloth hangs away from where the body's surface looks down."""
    fold_m: float = 0.0
    """Height of folds; they shift as the low back bends."""
    hem_drop_m: float = 0.0
    """How far the top reaches below the waist."""
    hem_rise_m: float = 0.0
    """How far the hem has ridden up at the back."""
    hood_m: float = 0.0
    """Thickness of a hood that lies behind the neck; 0 = none."""
    pattern: str = "plain"
    """Of the top: ``plain``, ``hoops`` (across), ``stripes`` (along), ``two_tone``, ``logo`` or ``noise``."""
    pattern_colour: Colour = (0.90, 0.90, 0.90)
    pattern_size_m: float = 0.10
    side_stripe: Colour | None = None
    """A stripe down the outside of the leg."""
    seam: Colour | None = None
    """Piping or a panel down the side of the top, ``seam_m`` wide, slanting forward by ``seam_slant`` as it goes up."""
    seam_m: float = 0.012
    seam_slant: float = 0.0
    waistband: Colour | None = None
    """A band round the top of shorts or trousers, ``band_m`` high."""
    hem_band: Colour | None = None
    """A band round the ends of shorts or trousers, ``band_m`` high."""
    band_m: float = 0.03
    shine_ratio: float = 0.0
    """How much smooth cloth mirrors the lamp."""
    wrinkle_ratio: float = 0.0
    """How strongly small wrinkles shade the cloth; they do not change its outline."""
    seed: int = 0
    """Decides folds, wrinkles and noise pattern."""


#: What makes a kind of clothes; colours and patterns stay the look's own. Stand-off of worn cloth: [D], chosen so
#: that the outline moves by 1 to 4 cm, which is what loose sportswear does in photographs seen from the side.
OUTFITS: Final[dict[str, dict[str, float]]] = {
    "suit": {},
    "tshirt": {
        "sleeve": 0.75, "loose_m": 0.008, "drape_ratio": 0.8, "bag_m": 0.014, "hang_m": 0.022, "fold_m": 0.006,
        "hem_drop_m": 0.11,
    },
    "hoodie": {
        "sleeve": 1.92, "loose_m": 0.018, "drape_ratio": 0.9, "bag_m": 0.014, "hang_m": 0.016, "fold_m": 0.009,
        "hem_drop_m": 0.08, "hood_m": 0.045,
    },
}  # fmt: skip

#: Loose trousers, to go with any top.
TROUSERS: Final[dict[str, float]] = {"leg": 1.97, "bottom_loose_m": 0.014}


def wear(look: LookSpec, outfit: str, *, trousers: bool = False) -> LookSpec:
    """``look`` in other clothes: a name of ``OUTFITS``, with or without loose trousers."""
    worn = replace(look, **OUTFITS[outfit])  # type: ignore[arg-type]
    return replace(worn, **TROUSERS) if trousers else worn  # type: ignore[arg-type]
