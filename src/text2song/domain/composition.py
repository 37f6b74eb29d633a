"""The central model: everything one song is, before it is sound."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from text2song.domain.context import CompositionContext
from text2song.domain.edits import Edit
from text2song.domain.instruments import instrument
from text2song.domain.lyrics import Lyrics
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest
from text2song.domain.score import Part, Role, TempoMap
from text2song.domain.theory import Chord, Key, TimeSignature
from text2song.domain.voices import VocalPlan

#: General MIDI bass drums.
_KICKS = frozenset({35, 36})
#: Octave bands of well-mastered popular music, 63 Hz to 16 kHz, dB: flat to 100 Hz, then about −3 dB per octave,
#: steeper at the top (after Pestana et al. 2013, "Spectral characteristics of popular commercial recordings").
OCTAVES_DB = (0.0, 0.0, -2.5, -5.0, -7.5, -10.0, -13.0, -17.5, -24.0)

#: Endings that change no note: the last chord rings, or the band plays on while the desk fades.
RING, FADE = "ring", "fade"
#: A song of this many bars ends on a held bar; a shorter loop does not.
HELD_END_FROM = 8


class SectionKind(StrEnum):
    """The names of song sections."""

    INTRO = "intro"
    VERSE = "verse"
    PRECHORUS = "prechorus"
    CHORUS = "chorus"
    BRIDGE = "bridge"
    SOLO = "solo"
    INTERLUDE = "interlude"
    BREAKDOWN = "breakdown"
    BUILD = "build"
    DROP = "drop"
    OUTRO = "outro"


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of whole bars with one musical purpose."""

    #: Unique in the song: kind and count, "chorus.2".
    name: str
    kind: SectionKind
    #: From the start of the song, 0-based.
    start_bar: int
    bars: int
    #: Target in 0..1.
    energy: float

    @property
    def end_bar(self) -> int:
        """The first bar after the section."""
        return self.start_bar + self.bars


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord and the time it lasts, in quarter notes from the start of the song."""

    chord: Chord
    start: Fraction
    duration: Fraction
    #: Roman numeral in the key: "bVII", "ii7".
    roman: str
    section: str

    @property
    def end(self) -> Fraction:
        """Where the next chord begins."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Where, in quarter notes from the start of the song, another key begins."""

    start: Fraction
    key: Key


@dataclass(frozen=True, slots=True)
class PartPlan:
    """The arrangement's word on one part, made before its notes: who plays, where, in which register."""

    #: The name of the part to come: "bass", "drums", "vocal", "lead", "pad".
    name: str
    role: Role
    #: An instrument id of `domain.instruments`.
    instrument: str
    #: Names of the sections in which the part plays.
    sections: tuple[str, ...]
    #: MIDI pitches the part keeps to (percussion: the full range).
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One recorded choice: which of how many options a path took."""

    path: str
    #: The chosen option, as `str` writes it.
    choice: str
    #: Its position among the options.
    index: int
    options: int


@dataclass(frozen=True, slots=True)
class Channel:
    """How one part sits in the mix; every figure depends on the plan alone, never on another part's sound."""

    part: str
    #: Integrated loudness target of the stem, LUFS.
    lufs: float
    #: −1 left … 1 right.
    pan: float = 0.0
    #: 0 mono … 1 as recorded … 2 doubled side signal.
    width: float = 1.0
    highpass_hz: float = 0.0
    #: Send levels, dB relative to the dry signal; None sends nothing.
    reverb_db: float | None = None
    delay_db: float | None = None
    #: Gain reduction in dB at each kick onset (sidechain), 0 for none.
    duck_db: float = 0.0
    #: How far the part steps back while the vocal sings, dB.
    voice_db: float = 0.0
    #: Whether the part opens through the plan's low-pass in a build-up, and loses its ground at the end of one.
    opens: bool = False
    thins: bool = False


@dataclass(frozen=True, slots=True)
class MixPlan:
    """Channels, the rooms they share and the master's targets."""

    channels: tuple[Channel, ...] = ()
    #: Reverberation time RT60 of the reverb bus, seconds.
    reverb_seconds: float = 1.8
    #: Delay bus time in quarter notes and feedback in 0..1.
    delay_beats: Fraction = Fraction(3, 4)
    delay_feedback: float = 0.35
    #: Integrated loudness and true-peak ceiling of the master (ITU-R BS.1770-5).
    lufs: float = -14.0
    true_peak_dbtp: float = -1.0
    #: High-shelf gain of the master above 8 kHz, dB: brightness.
    air_db: float = 0.0
    #: What ducked channels listen to, as (quarter notes, microseconds late); None stands for the kicks of the score.
    #: An edit of the drums keeps the trigger that it found, so that no other stem moves.
    trigger: tuple[tuple[Fraction, int], ...] | None = None
    #: Where the master's octave bands from 63 Hz to 16 kHz want to be, dB; only their shape counts.
    bands_db: tuple[float, ...] = OCTAVES_DB
    #: Peak over power that the master is brought down to, dB: 8 dense … 14 open.
    crest_db: float = 12.5
    #: How much wider choruses are than the rest, as a factor of the side signal.
    chorus_width: float = 1.3
    #: By how much the master's tape swings in pitch, and where an old record's hiss lies, dBFS; 0 and None for neither.
    wow_cents: float = 0.0
    vinyl_db: float | None = None
    #: When the vocal sings, as (start, end) in quarter notes: where channels with `voice_db` step back.
    sung: tuple[tuple[Fraction, Fraction], ...] = ()
    #: How many quarter notes before the end of the last bar the song begins to fade away, 0 for no fade.
    fade_beats: Fraction = Fraction(0)
    #: Corner of the low-pass at the beginning of a build-up, 0 for no filter, and of the high-pass at its end, Hz.
    sweep_hz: float = 0.0
    thin_hz: float = 0.0


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to make the same song again, and to say why it is so."""

    engine: str
    seed: int
    #: Style name and version of every style used.
    styles: tuple[str, ...]
    decisions: tuple[Decision, ...] = ()
    #: What was asked: composing it again with the same engine gives the same song.
    request: CompositionRequest | None = None
    #: SHA-256 of the canonical JSON of the composition that this one is an edit of, "" for a song of its own, and the
    #: id under which a service keeps it.
    parent: str = ""
    parent_id: str = ""
    #: Every edit since the request, the latest last.
    edits: tuple[Edit, ...] = ()
    #: The seed of each stretch that was made again, by "section/part".
    cells: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnifiedComposition:
    """Context, plan, harmony, lyrics, score and provenance of one song; frozen, changed only by making a new one."""

    context: CompositionContext
    time_signature: TimeSignature
    tempo: TempoMap
    sections: tuple[Section, ...] = ()
    #: Target in 0..1 of every bar; a section's own target is their mean.
    energy: tuple[float, ...] = ()
    #: How the song ends: `RING`, `FADE` or a name of the composer's endings.
    ending: str = RING
    arrangement: tuple[PartPlan, ...] = ()
    harmony: tuple[ChordSpan, ...] = ()
    #: Modulations in time order; the song begins in `context.key`.
    keys: tuple[KeyChange, ...] = ()
    parts: tuple[Part, ...] = ()
    lyrics: Lyrics | None = None
    #: Who sings each vocal part; empty where nothing is sung.
    vocals: tuple[VocalPlan, ...] = ()
    mix: MixPlan = field(default_factory=MixPlan)
    provenance: Provenance = field(default_factory=lambda: Provenance("", 0, ()))

    @property
    def bars(self) -> int:
        """Length in bars, the ring-out after the last bar not counted."""
        return self.sections[-1].end_bar if self.sections else 0

    @property
    def ends_held(self) -> bool:
        """Whether the last bar is the end, a held chord or what the ending makes of it, rather than one more bar."""
        return self.bars >= HELD_END_FROM and self.ending != FADE

    @property
    def length(self) -> Fraction:
        """Length in quarter notes."""
        return self.bars * self.time_signature.bar

    @property
    def seconds(self) -> float:
        """Length in seconds of all bars."""
        return self.tempo.seconds(self.length)

    def energy_at(self, position: Fraction) -> float:
        """Return the energy target of the bar at a position in quarter notes; 0.5 before there is a structure."""
        bar = int(position // self.time_signature.bar)
        if self.energy:
            return self.energy[min(max(bar, 0), len(self.energy) - 1)]
        sections = [section for section in self.sections if section.start_bar <= bar] or list(self.sections[:1])
        return sections[-1].energy if sections else 0.5

    def section_start(self, section: Section) -> Fraction:
        """Return where a section begins, in quarter notes."""
        return section.start_bar * self.time_signature.bar

    def key_at(self, position: Fraction) -> Key:
        """Return the key that sounds at a position in quarter notes."""
        sounding = self.context.key
        for change in self.keys:
            if change.start > position:
                break
            sounding = change.key
        return sounding

    @property
    def kicks(self) -> tuple[tuple[Fraction, int], ...]:
        """Where bass drums are struck, as (quarter notes, microseconds late), in order."""
        kits = [part for part in self.parts if instrument(part.instrument).percussion]
        return tuple(
            sorted({(note.start, note.nudge_us) for kit in kits for note in kit.notes if note.pitch in _KICKS})
        )

    def part(self, name: str) -> Part:
        """Return the part of that name; raises KeyError."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)
