"""Builds the makers of songs from plain values."""

from __future__ import annotations

from text2song.audio.orchestra import Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.audio.voice.singer import Singer
from text2song.providers.composer import ComposerProvider
from text2song.providers.router import ProviderRouter


def build_router(soundfont: str = "") -> ProviderRouter:
    """Return the router over every installed provider; `soundfont` is the setting of that name.

    Raises `CorruptSoundFontError` or another `StudioError` when the font that was set cannot be used.
    """
    return ProviderRouter([ComposerProvider(Orchestra(find_soundfonts(soundfont), Singer()))])
