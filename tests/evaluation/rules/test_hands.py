"""Rules 22 and 23: a played kit lies in the band, a machine and a drunkard do not."""

from collections.abc import Callable

import numpy as np
from tests.evaluation.rules.scores import inside, part, view

from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.evaluation.rules import hands
from text2song.evaluation.rules.songview import SongView

SIZE = 512


def _clock(deviation_ms: float, memory: float, seed: int = 1) -> list[float]:
    random = np.random.default_rng(seed)
    late, found = 0.0, []
    for _ in range(SIZE):
        late = memory * late + float(random.normal(0, deviation_ms * (1 - memory**2) ** 0.5))
        found.append(late)
    return found


def _kit(late: Callable[[int], float], velocity: Callable[[int], int]) -> Part:
    written = []
    for step in range(64 * 2):
        start = Fraction(step, 2)
        keys = {0: (42, 36), 2: (42, 38)}.get(step % 4, (42,))
        written += [Note(start, key, Fraction(1, 8), velocity(step), round(late(step) * 1000)) for key in keys]
    return part("drums", Role.DRUMS, "drum_kit", written)


ACCENTS = (112, 70, 96, 74, 104, 68, 98, 78)


def _played(step: int) -> int:
    return ACCENTS[step % 8] + (step * 7) % 9 - 4


CLOCK = _clock(6.0, 0.4)


def _view(kit: Part, *more: Part) -> SongView:
    return view(kit, *more)


def test_rule_22_machine_and_drunkard() -> None:
    assert inside("hands.spread", hands.spread(_view(_kit(lambda step: CLOCK[step], _played))))
    assert not inside("hands.spread", hands.spread(_view(_kit(lambda step: 0.0, _played))))
    assert not inside("hands.spread", hands.spread(_view(_kit(lambda step: 4 * CLOCK[step], _played))))


def test_rule_22_noise_without_a_clock() -> None:
    assert inside("hands.memory", hands.memory(_view(_kit(lambda step: CLOCK[step], _played))))
    seesaw = [6.0 * (-1) ** (step // 1) + CLOCK[step] / 6 for step in range(SIZE)]
    # Each key at each place has its own mean, so the seesaw must not follow the beat.
    assert not inside(
        "hands.memory", hands.memory(_view(_kit(lambda step: seesaw[step] * (-1) ** (step // 8), _played)))
    )
    assert hands.memory(_view(_kit(lambda step: 0.0, _played))) is None


def test_rule_22_a_bass_behind_its_kick() -> None:
    kit = _kit(lambda step: CLOCK[step], _played)

    def bass(late_ms: float) -> Part:
        written = [
            Note(Fraction(2 * beat), 36, Fraction(1), 90, round((CLOCK[4 * beat] + late_ms) * 1000))
            for beat in range(32)
        ]
        return part("bass", Role.BASS, "finger_bass", written)

    assert inside("hands.lock", hands.lock(_view(kit, bass(3.0))))
    assert not inside("hands.lock", hands.lock(_view(kit, bass(25.0))))


def test_rule_23_forces() -> None:
    def still(step: int) -> float:
        return CLOCK[step]

    played, flat = _view(_kit(still, _played)), _view(_kit(still, lambda step: 100))
    copied = _view(_kit(still, lambda step: ACCENTS[step % 8]))
    rough = np.random.default_rng(2).integers(20, 127, SIZE)
    random = _view(_kit(still, lambda step: int(rough[step])))
    assert inside("hands.levels", hands.levels(played))
    assert not inside("hands.levels", hands.levels(flat))
    assert inside("hands.copies", hands.copies(played))
    assert not inside("hands.copies", hands.copies(copied))
    assert inside("hands.cycle", hands.cycle(played))
    assert not inside("hands.cycle", hands.cycle(random))


def test_nothing_to_measure() -> None:
    silent = view()
    figures = (hands.spread, hands.memory, hands.lock, hands.levels, hands.copies, hands.cycle)
    assert [figure(silent) for figure in figures] == [None] * 6
