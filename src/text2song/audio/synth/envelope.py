"""Envelopes, slow movement and random numbers for the kernels, all functions of time alone."""

from __future__ import annotations

from math import exp

from text2song.audio.jit import kernel


@kernel
def swell(time: float, attack: float, decay: float, sustain: float) -> float:
    """Return the level of a key held for `time` seconds: a rounded rise, then an exponential fall to `sustain`."""
    if time < attack:
        return (1 - exp(-3.0 * time / attack)) / 0.950212931632136
    if decay <= 0:
        return sustain
    return sustain + (1 - sustain) * exp(-(time - attack) / decay)


@kernel
def fade(time: float, release: float) -> float:
    """Return the share of the level left `time` seconds after the key went up; exactly 0 from `release` on."""
    if time <= 0:
        return 1.0
    if time >= release:
        return 0.0
    floor = 0.006737946999085467
    return (exp(-5.0 * time / release) - floor) / (1 - floor)


@kernel
def scatter(seed: float, index: int) -> float:
    """Return a number in [0, 1) that depends on seed and index alone."""
    mixed = (int(seed) * 1103515245 + index * 12345 + 1013904223) & 0x7FFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 1597334677 + 12345) & 0x7FFFFFFF
    return (mixed ^ (mixed >> 11)) / 2147483648.0


@kernel
def scatter_about(seed: float, index: int) -> float:
    """Return a number in [−1, 1) that depends on seed and index alone."""
    return 2.0 * scatter(seed, index) - 1.0
