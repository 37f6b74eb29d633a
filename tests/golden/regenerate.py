"""The golden scores: one song of every style, kept as the SHA-256 of its canonical score.

After a change that is meant to alter scores: `python -m tests.golden.regenerate`, and say why in the commit.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from text2song.compose.engine import compose
from text2song.compose.style import style_names
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.serial import digest

FILE = Path(__file__).parent / "scores.toml"
SEED = 2026
SECONDS = 60.0


def golden_digest(style: str) -> str:
    """Return the SHA-256 of the score of a style's golden song: form, chords, notes and mix plan."""
    request = CompositionRequest("a song", seed=SEED, duration_seconds=SECONDS, genres=(GenreWeight(style),))
    song = compose(request)
    return digest(
        (song.time_signature, song.tempo, song.sections, song.arrangement, song.harmony, song.parts, song.mix)
    )


def stored() -> dict[str, str]:
    """Return the digests on file by style."""
    digests: dict[str, str] = tomllib.loads(FILE.read_text(encoding="utf-8"))["score"]
    return digests


def write() -> None:
    """Write the digests of all styles as they are now."""
    lines = [f'{style} = "{golden_digest(style)}"' for style in style_names()]
    header = "# Written by `python -m tests.golden.regenerate`; see there.\n\n[score]\n"
    FILE.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
