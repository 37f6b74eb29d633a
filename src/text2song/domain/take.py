"""A take: one rendered result of a composition, its stems, and its report of asked against measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class StemFigure:
    """One stem as written: loudness, peak and the SHA-256 of its WAV file."""

    name: str
    instrument: str
    role: str
    #: Integrated loudness, LUFS (ITU-R BS.1770-5); −inf is written as −120.
    lufs: float
    peak_dbfs: float
    sha256: str
    #: Hash of all that the sound depends on: stems of one address are the same bytes.
    address: str = ""
    #: What sounds it: "sung", "synth", or the SoundFont's file and the first digits of its hash.
    source: str = ""


@dataclass(frozen=True, slots=True)
class TakeReport:
    """`report.json`: what was asked, what was measured on the audio and the score, and whether it passes."""

    asked: dict[str, Any]
    measured: dict[str, Any]
    passed: bool
    #: One sentence per miss; empty when `passed`.
    reasons: tuple[str, ...]
    #: Wall-clock seconds per stage.
    seconds: dict[str, float]
    #: Seconds of music per second of work.
    realtime_factor: float
    loudness_lufs: float
    true_peak_dbtp: float
    #: Rank correlation of the energy targets with the rendered loudness; None with fewer than three sections.
    energy_spearman: float | None
    #: Peak of (sum of stems − pre-master mix), dBFS.
    stems_null_dbfs: float
    stems: tuple[StemFigure, ...] = field(default=())
    #: How the score keeps the rules of music: its score 0..1, the figures outside their bands, all figures.
    rules: dict[str, Any] = field(default_factory=dict)
    #: How many songs were composed for this one and which was kept.
    candidates: dict[str, Any] = field(default_factory=dict)
