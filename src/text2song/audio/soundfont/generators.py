"""The SoundFont generators by number, with their defaults and ranges.

Source: SoundFont Technical Specification 2.04, sections 8.1.2 and 8.1.3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

START, END, LOOP_START, LOOP_END, START_COARSE = range(5)
MOD_LFO_TO_PITCH, VIBRATO_TO_PITCH, MOD_ENV_TO_PITCH, FILTER_CUTOFF, FILTER_Q = range(5, 10)
MOD_LFO_TO_CUTOFF, MOD_ENV_TO_CUTOFF, END_COARSE, MOD_LFO_TO_VOLUME = range(10, 14)
PAN = 17
MOD_LFO_DELAY, MOD_LFO_RATE, VIBRATO_DELAY, VIBRATO_RATE = range(21, 25)
MOD_DELAY, MOD_ATTACK, MOD_HOLD, MOD_DECAY, MOD_SUSTAIN, MOD_RELEASE, KEY_TO_MOD_HOLD, KEY_TO_MOD_DECAY = range(25, 33)
DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE, KEY_TO_HOLD, KEY_TO_DECAY = range(33, 41)
INSTRUMENT = 41
KEY_RANGE, VELOCITY_RANGE, LOOP_START_COARSE, FIXED_KEY, FIXED_VELOCITY, ATTENUATION = range(43, 49)
LOOP_END_COARSE, COARSE_TUNE, FINE_TUNE, SAMPLE, SAMPLE_MODES = range(50, 55)
SCALE_TUNING, EXCLUSIVE_CLASS, ROOT_KEY = range(56, 59)

#: Generators are numbered below this.
COUNT = 61

#: The cutoff, in cents above 8.176 Hz, from which the filter is fully open (20 kHz).
OPEN_CUTOFF = 13_500

#: Generators that speak of one sample or one zone and so mean nothing in a preset.
INSTRUMENT_ONLY = frozenset(
    {START, END, LOOP_START, LOOP_END, START_COARSE, END_COARSE, LOOP_START_COARSE, LOOP_END_COARSE}
    | {
        FIXED_KEY,
        FIXED_VELOCITY,
        SAMPLE_MODES,
        EXCLUSIVE_CLASS,
        ROOT_KEY,
        KEY_RANGE,
        VELOCITY_RANGE,
        SAMPLE,
        INSTRUMENT,
    }
)

_TIMES = (DELAY, HOLD, MOD_DELAY, MOD_HOLD, MOD_LFO_DELAY, VIBRATO_DELAY)
_LONG_TIMES = (ATTACK, DECAY, RELEASE, MOD_ATTACK, MOD_DECAY, MOD_RELEASE)
_RATES = (MOD_LFO_RATE, VIBRATO_RATE)
_PITCHES = (MOD_LFO_TO_PITCH, VIBRATO_TO_PITCH, MOD_ENV_TO_PITCH, MOD_LFO_TO_CUTOFF, MOD_ENV_TO_CUTOFF)


def defaults() -> NDArray[np.float64]:
    """Return the value of every generator that a zone does not set, shape (`COUNT`,)."""
    values = np.zeros(COUNT)
    values[[*_TIMES, *_LONG_TIMES]] = -12_000
    values[FILTER_CUTOFF] = OPEN_CUTOFF
    values[SCALE_TUNING] = 100
    values[[FIXED_KEY, FIXED_VELOCITY, ROOT_KEY]] = -1
    return values


def limits() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest value of every generator, each of shape (`COUNT`,)."""
    low, high = np.full(COUNT, -32_768.0), np.full(COUNT, 65_535.0)
    ranges = {
        _TIMES: (-12_000, 5_000),
        _LONG_TIMES: (-12_000, 8_000),
        _RATES: (-16_000, 4_500),
        _PITCHES: (-12_000, 12_000),
        (FILTER_CUTOFF,): (1_500, OPEN_CUTOFF),
        (FILTER_Q, MOD_LFO_TO_VOLUME): (-960, 960),
        (PAN,): (-500, 500),
        (SUSTAIN, ATTENUATION): (0, 1_440),
        (MOD_SUSTAIN,): (0, 1_000),
        (KEY_TO_HOLD, KEY_TO_DECAY, KEY_TO_MOD_HOLD, KEY_TO_MOD_DECAY): (-1_200, 1_200),
        (COARSE_TUNE,): (-120, 120),
        (SCALE_TUNING,): (0, 1_200),
        (FIXED_KEY, FIXED_VELOCITY, ROOT_KEY): (-1, 127),
    }
    for numbers, (least, greatest) in ranges.items():
        low[list(numbers)], high[list(numbers)] = least, greatest
    low[FILTER_Q] = 0
    return low, high
