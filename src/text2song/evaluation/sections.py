"""Form heard in the sound: where the music becomes another, bar by bar, against where sections were meant to begin."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from text2song.domain.composition import UnifiedComposition
from text2song.evaluation.finding import Finding
from text2song.evaluation.middle import middle, padded

_WINDOW = 4096
_BANDS = 24
#: Edges of the bands in Hz.
_LOWEST, _HIGHEST = 40.0, 16_000.0
#: Bars before and after a boundary that are held against each other.
_SPAN = 4
#: How many bars a boundary may be heard early or late.
_TOLERANCE = 1
#: Below this share of an asked form heard, the take misses it.
_HEARD_FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Spectra:
    """Levels of frequency bands over time."""

    #: Power by (frame, band).
    powers: NDArray[np.float64]
    #: Middle of each band, Hz.
    centres: NDArray[np.float64]
    frames_per_second: float

    @property
    def brightness_hz(self) -> float:
        """The power-weighted mean frequency of the whole, on a logarithmic scale."""
        weights = self.powers.sum(axis=0)
        total = float(weights.sum())
        return float(np.exp((np.log(self.centres) * weights).sum() / total)) if total > 0 else 0.0


def band_spectra(audio: NDArray[np.float32], sample_rate: int) -> Spectra:
    """Return the band powers of stereo `audio` (frames, 2) in windows of 93 ms (at 44.1 kHz) side by side."""
    return spectra_of(middle(audio), sample_rate)


def spectra_of(mono: NDArray[np.float32], sample_rate: int) -> Spectra:
    """Return the same of the middle of both channels, (frames,)."""
    count = max(1, mono.size // _WINDOW)
    mono = padded(mono, count * _WINDOW)[: count * _WINDOW].reshape(count, _WINDOW)
    edges = np.geomspace(_LOWEST, _HIGHEST, _BANDS + 1)
    bins = np.searchsorted(fft.rfftfreq(_WINDOW, 1.0 / sample_rate), edges)
    window = np.hanning(_WINDOW).astype(np.float32)
    powers = np.empty((count, _BANDS))
    for first in range(0, count, 256):
        spectrum = np.abs(fft.rfft(mono[first : first + 256] * window, axis=1)) ** 2
        powers[first : first + 256] = np.add.reduceat(spectrum, bins[:-1], axis=1)
    return Spectra(powers, np.sqrt(edges[:-1] * edges[1:]), sample_rate / _WINDOW)


def bar_novelty(composition: UnifiedComposition, spectra: Spectra) -> NDArray[np.float64]:
    """Return how much the music changes at the start of each bar: the distance of the bars before and after it.

    The diagonal of a checkerboard kernel over the self-distance of bars (Foote 2000, "Automatic audio segmentation
    using a measure of audio novelty"), on band levels in decibels.
    """
    tempo, bar = composition.tempo, composition.time_signature.bar
    edges = [round(tempo.seconds(number * bar) * spectra.frames_per_second) for number in range(composition.bars + 1)]
    # Sound that ends too soon is silent in its last bars.
    lacking = max(0, edges[-1] + 1 - spectra.powers.shape[0])
    powers = np.pad(spectra.powers, ((0, lacking), (0, 0)))
    means = [powers[first : max(first + 1, last)].mean(axis=0) for first, last in pairwise(edges)]
    levels = np.array([10.0 * np.log10(mean + 1e-9 * max(float(mean.sum()), 1e-12) + 1e-12) for mean in means])
    found = np.zeros(composition.bars)
    for at in range(1, composition.bars):
        before, after = levels[max(0, at - _SPAN) : at], levels[at : at + _SPAN]
        found[at] = float(np.sqrt(((before.mean(axis=0) - after.mean(axis=0)) ** 2).mean()))
    return found


def heard_boundaries(novelty: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the bars at which novelty peaks within two bars and stands above its own mean."""
    mean = float(novelty[1:].mean()) if novelty.size > 1 else 0.0
    return tuple(
        bar
        for bar in range(1, novelty.size)
        if novelty[bar] > mean and novelty[bar] >= novelty[max(1, bar - 2) : bar + 3].max()
    )


def structure_finding(composition: UnifiedComposition, spectra: Spectra) -> Finding:
    """Hold the form against what was asked, and what of it is heard against the form."""
    asked = list(composition.context.structure)
    kinds = [section.kind.value for section in composition.sections]
    heard = heard_boundaries(bar_novelty(composition, spectra))
    planned = [section.start_bar for section in composition.sections[1:]]
    found = sum(any(abs(bar - start) <= _TOLERANCE for bar in heard) for start in planned)
    share = round(found / len(planned), 3) if planned else None
    measured = {
        "sections": kinds,
        "boundaries": len(planned),
        "heard": found,
        "share": share,
        "heard_bars": list(heard),
    }
    reason = ""
    if asked and kinds != asked:
        reason = f"the form is {', '.join(kinds)}; asked was {', '.join(asked)}"
    elif asked and share is not None and share < _HEARD_FLOOR:
        reason = f"only {found} of {len(planned)} changes of section are heard"
    return Finding("structure", asked or kinds, measured, reason)
