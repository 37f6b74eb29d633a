"""The one door of the sound: a composition in; stems, their exact sum and the master out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from text2song.audio.addresses import desk_digests, stem_address
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.levelling import levels_of
from text2song.audio.loudness import Loudness
from text2song.audio.master import mastered
from text2song.audio.mix.desk import Desk, mix_stem, set_up
from text2song.audio.pcm import Pcm, Sum
from text2song.domain.composition import UnifiedComposition
from text2song.domain.errors import UnavailableError
from text2song.domain.progress import Portion, Progress, silent
from text2song.domain.score import Part, Role

#: Kernels release the interpreter lock, so stems render side by side.
_THREADS = 2
#: How often the caller hears that work goes on, and may stop it, seconds.
_PATIENCE = 0.2
#: Shares of the progress bar.
_STEMS_SHARE = 0.85
#: Ring-out after the last bar: at most this long, and this share of a bar; at least the shortest.
_TAIL_SECONDS = 2.0
_TAIL_BARS = 0.75
_SHORTEST_TAIL_SECONDS = 0.3


class BrokenSoundError(UnavailableError):
    """An instrument gave samples that are not finite numbers."""

    slug = "broken-sound"


class InstrumentSource(Protocol):
    """Sounds parts; `audio.orchestra.Orchestra` is the one in use."""

    def perform(self, part: Part, composition: UnifiedComposition, frames: int) -> Stereo:
        """Return the dry sound of `part`, exactly `frames` frames; called from several threads."""

    def identity(self, part: Part, composition: UnifiedComposition) -> str:
        """Name whatever but its notes and the tempo the dry sound of `part` depends on: banks, voices, words."""


class StemKeeper(Protocol):
    """Has stems that were made before."""

    def find(self, name: str, address: str) -> Pcm | None:
        """Return the stem of that address, or None; called from several threads."""


@dataclass(frozen=True, slots=True)
class Stem:
    """One part as it stands in the mix, with its own share of reverberation and echo."""

    name: str
    role: Role
    #: An instrument id of `domain.instruments`.
    instrument: str
    #: Its samples, outside memory: ten minutes of one stem are 200 MB.
    sound: Pcm
    #: See `audio.addresses`.
    address: str = ""
    #: Whether it was found instead of made.
    kept: bool = False

    @property
    def audio(self) -> Stereo:
        """The sound, read anew at each call: float32 (frames, 2), on the grid of 24 bits."""
        return self.sound.audio()

    def pieces(self) -> Iterator[Stereo]:
        """Give the same a few seconds at a time."""
        return self.sound.audio_pieces()


@dataclass(frozen=True, slots=True)
class Mixdown:
    """What one composition sounds like before mastering; all audio of one length."""

    sample_rate: int
    #: In the order of the composition's parts; parts without notes have none.
    stems: tuple[Stem, ...]
    #: The exact sum of the stems.
    premaster: Pcm
    #: Wall-clock seconds by stage: "instruments", "mix", and once there is a master, "master".
    seconds: dict[str, float]

    @property
    def mix(self) -> Stereo:
        """The sum of the stems, read anew at each call: float32 (frames, 2)."""
        return self.premaster.audio()

    @property
    def frames(self) -> int:
        """The length of all audio."""
        return len(self.premaster)

    def pieces(self) -> Iterator[Stereo]:
        """Give the sum of the stems a few seconds at a time."""
        return self.premaster.audio_pieces()


@dataclass(frozen=True, slots=True)
class Rendering(Mixdown):
    """Everything one composition sounds like."""

    #: float32 (frames, 2).
    master: Stereo
    #: The master's figures.
    loudness: Loudness


@dataclass(frozen=True, slots=True)
class _Stage:
    """What every stem of one song comes from and goes into."""

    instruments: InstrumentSource
    desk: Desk
    sum: Sum
    keeper: StemKeeper | None
    #: Is told of every stem that the keeper had.
    found: Callable[[Stem], None]
    #: See `audio.addresses.desk_digests`.
    shared: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Timed:
    stem: Stem
    playing: float
    mixing: float


def render(
    composition: UnifiedComposition,
    instruments: InstrumentSource,
    progress: Progress = silent,
    *,
    keeper: StemKeeper | None = None,
) -> Rendering:
    """Return the sound of `composition`: `mixdown` and `finish` in one."""
    mixed, mix = mixdown(composition, instruments, Portion(progress, 0.0, _STEMS_SHARE), keeper=keeper)
    return finish(mixed, mix, composition, Portion(progress, _STEMS_SHARE, 1.0))


def mixdown(
    composition: UnifiedComposition,
    instruments: InstrumentSource,
    progress: Progress = silent,
    *,
    keeper: StemKeeper | None = None,
    found: Callable[[Stem], None] = lambda _: None,
    begun: Callable[[], None] = lambda: None,
) -> tuple[Mixdown, Stereo]:
    """Return the stems of `composition` and their sum: the same samples on every run, for any number of threads.

    The sum stands beside for `finish`, float32 (frames, 2), not yet clipped as files are.

    Stems that `keeper` has are not made again, which cannot be heard: mix and master are made of the whole numbers
    that files hold. `found` is told of each of them at once, from several threads; `begun` is called when all stems are
    under way. Raises `CancelledError` within a second of `progress` raising it, and what an instrument raises.
    """
    started = time.perf_counter()
    frames, tail = song_frames(composition)
    desk = set_up(composition, frames, tail)
    stage = _Stage(instruments, desk, Sum(frames), keeper, found, desk_digests(desk))
    timed = _stems(composition, stage, progress, begun)
    mix = stage.sum.audio()
    premaster = Pcm.of(mix)
    stems = tuple(one.stem for one in timed)
    seconds = _shares(timed, time.perf_counter() - started)
    return Mixdown(SAMPLE_RATE, stems, premaster, seconds), mix


def finish(mixed: Mixdown, mix: Stereo, composition: UnifiedComposition, progress: Progress = silent) -> Rendering:
    """Return the mixdown of `composition` with its master, for which `mix`, its sum, is used up.

    Raises `CancelledError` when `progress` does.
    """
    started = time.perf_counter()
    progress("mastering", 0.0)
    master = mastered(mix, composition.mix, progress, levels_of(composition))
    progress("mastering", 1.0)
    seconds = mixed.seconds | {"master": time.perf_counter() - started}
    return Rendering(mixed.sample_rate, mixed.stems, mixed.premaster, seconds, master.audio, master.loudness)


def song_frames(composition: UnifiedComposition) -> tuple[int, int]:
    """Return the length of the song in frames, ring-out included, and of the ring-out alone.

    The ring-out is up to 2 s and three quarters of a bar, less where the song would pass the asked duration by a bar.
    """
    bars = composition.seconds
    bar = float(composition.tempo.exact_seconds(composition.length + composition.time_signature.bar)) - bars
    room = composition.context.duration_seconds + 0.95 * bar - bars
    tail = max(_SHORTEST_TAIL_SECONDS, min(_TAIL_SECONDS, _TAIL_BARS * bar, room))
    return round((bars + tail) * SAMPLE_RATE), round(tail * SAMPLE_RATE)


def _stems(
    composition: UnifiedComposition, stage: _Stage, progress: Progress, begun: Callable[[], None]
) -> list[_Timed]:
    parts = [part for part in composition.parts if part.notes]
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="stem")
    try:
        futures = [pool.submit(_stem, part, composition, stage) for part in parts]
        begun()
        _watch(futures, [part.name for part in parts], stage.sum, progress)
        return [future.result() for future in futures]
    finally:
        # A cancelled song does not wait for the stems under way; they end by themselves and are dropped.
        pool.shutdown(wait=False, cancel_futures=True)


def _watch(futures: Sequence[Future[_Timed]], names: Sequence[str], total: Sum, progress: Progress) -> None:
    """Report until every stem is done, and add those that were found: the threads are for those that are made.

    What a stem or the caller raises ends it at once.
    """
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=_PATIENCE, return_when=FIRST_COMPLETED)
        for future in done:
            stem = future.result().stem
            if stem.kept:
                total.add(stem.sound)
        next_name = next((name for name, future in zip(names, futures, strict=True) if future in pending), "mix")
        progress(f"rendering {next_name}", 1 - len(pending) / len(futures))


def _stem(part: Part, composition: UnifiedComposition, stage: _Stage) -> _Timed:
    started = time.perf_counter()
    source = stage.instruments.identity(part, composition)
    address = stem_address(part, composition, stage.desk, source, stage.shared)
    found = None if stage.keeper is None else stage.keeper.find(part.name, address)
    if found is not None and len(found) == stage.desk.frames:
        stem = Stem(part.name, part.role, part.instrument, found, address, kept=True)
        stage.found(stem)
        return _Timed(stem, 0.0, time.perf_counter() - started)
    sound = [_played(part, composition, stage.instruments, stage.desk.frames)]
    played = time.perf_counter()
    # Handed over rather than lent: nothing else holds the sound while the desk works on it.
    kept = Pcm.of(mix_stem(sound.pop(), part, stage.desk))
    stage.sum.add(kept)
    stem = Stem(part.name, part.role, part.instrument, kept, address)
    return _Timed(stem, played - started, time.perf_counter() - played)


def _played(part: Part, composition: UnifiedComposition, instruments: InstrumentSource, frames: int) -> Stereo:
    dry = instruments.perform(part, composition, frames)
    if not np.isfinite(np.sum(dry)):
        raise BrokenSoundError(f"the {part.instrument.replace('_', ' ')} of “{part.name}” gave sound that is no number")
    return dry


def _shares(timed: Sequence[_Timed], wall: float) -> dict[str, float]:
    """Divide the wall-clock time of all stems by what the threads spent it on."""
    playing, mixing = sum(one.playing for one in timed), sum(one.mixing for one in timed)
    share = playing / (playing + mixing) if timed else 0.0
    return {"instruments": wall * share, "mix": wall * (1 - share)}
