"""How clearly chords say their key: the same four chords can sound as A minor or as C major."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from text2song.domain.rational import Fraction
from text2song.domain.theory import Chord, Key

#: How well each degree fits a major and a minor key, as listeners rated them (Krumhansl and Kessler 1982).
MAJOR_PROFILE = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR_PROFILE = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def fit(weights: Sequence[float], tonic: int, *, minor: bool) -> float:
    """Return the correlation, −1..1, of twelve pitch-class weights with a key's profile; 0 for even weights."""
    turned = [*weights[tonic:], *weights[:tonic]]
    profile = MINOR_PROFILE if minor else MAJOR_PROFILE
    mean, mid = sum(turned) / 12, sum(profile) / 12
    top = sum((weight - mean) * (value - mid) for weight, value in zip(turned, profile, strict=True))
    spread = sum((weight - mean) ** 2 for weight in turned) * sum((value - mid) ** 2 for value in profile)
    return float(top / spread**0.5) if spread > 0 else 0.0


def clarity(chords: Iterable[tuple[Chord, Fraction]], key: Key) -> float:
    """Return how much better chords with durations fit `key` than its relative key, −1..1; the bass counts double."""
    weights = [0.0] * 12
    for chord, duration in chords:
        for pitch_class in (*chord.pitch_classes, chord.bass_pitch_class):
            weights[pitch_class] += float(duration)
    relative = (key.tonic + (3 if key.is_minor else 9)) % 12
    return fit(weights, key.tonic, minor=key.is_minor) - fit(weights, relative, minor=not key.is_minor)
