"""Builds the makers of songs from plain values."""

from __future__ import annotations

from text2song.audio.orchestra import Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.audio.voice.singer import Singer
from text2song.providers.composer import ComposerProvider
from text2song.providers.lyricist import Lyricist
from text2song.providers.router import ProviderRouter


def build_router(soundfont: str = "", *, lyrics_url: str = "", lyrics_model: str = "") -> ProviderRouter:
    """Return the router over every installed provider; the arguments are the settings of those names.

    Raises `CorruptSoundFontError`, `LyricistAddressError` or another `StudioError` when what was set cannot be used.
    """
    worded = Lyricist(lyrics_url, lyrics_model).worded if lyrics_url else None
    return ProviderRouter([ComposerProvider(Orchestra(find_soundfonts(soundfont), Singer()), worded)])
