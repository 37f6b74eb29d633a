"""Cover art drawn from the song itself: rings are its sections, rays its melody, colours its mood.

The same composition gives the same picture, as SVG and as JPEG from the same shapes.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

from text2song.domain.composition import UnifiedComposition
from text2song.domain.score import Part, Role

#: Side of the picture in its own units.
SIDE = 1000.0
_RINGS = (210.0, 420.0)
_CENTRE = (SIDE / 2, SIDE * 0.44)
_GAP = 0.012
_TUNES = (Role.VOCAL, Role.LEAD, Role.ARPEGGIO, Role.COUNTER, Role.CHORDS, Role.BASS)

Point = tuple[float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Ground from top to bottom, calm and lively sections, the tune, the letters."""

    top: Colour
    bottom: Colour
    calm: Colour
    lively: Colour
    tune: Colour
    ink: Colour


#: By (dark, lively): sRGB codes in the order of `Palette`'s fields.
_PALETTES: Mapping[tuple[bool, bool], tuple[str, ...]] = MappingProxyType(
    {
        (True, True): (
            "1b1033 0a0618 5b2a86 ff5da2 ffb454 f6efff",
            "101820 06090d 1f4e5f ff6b35 f7c59f f2f4f3",
            "1a0b12 080306 6d1a36 ff3d3d ffd166 fff1ee",
            "0b1d26 04090d 145c6b 2ee6d6 ff7ac6 e9fbff",
        ),
        (True, False): (
            "16202e 080c13 2c4a6e 8fb8de e8c8a0 eef3f8",
            "201a2b 0d0a14 4a3b6b b79ced f2c6de f4f0fa",
            "14241f 070e0b 2b5d4f 8fd1b0 f0dca0 eef7f2",
            "231c18 0f0b09 5c4433 d9a679 9cc3c9 f8f1ea",
        ),
        (False, True): (
            "fff3d6 ffd9a0 ffb347 ff5a36 1d3f72 33231a",
            "e6fbff bdeef7 4cc9e0 ff6f91 3a2d6b 12333d",
            "fdeff4 f9cfe0 f48fb1 6a4cff 00897b 3a1a2a",
            "f4ffe0 d8f3a0 8bc34a ff9f1c 264653 24331a",
        ),
        (False, False): (
            "f6f0e6 e6dac6 c8b08a 8a5a44 3d5a6c 3a2f26",
            "eef3ee d3e2d6 a3c4ac 4f7f6b b0655a 263530",
            "f1eef6 dcd3ea b7a5d6 6a579c c07a5a 2f2940",
            "eef4f8 d2e2ec a2c3d8 4a7796 c98f5a 22323d",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One filled polygon, in units of the picture."""

    points: tuple[Point, ...]
    colour: Colour


@dataclass(frozen=True, slots=True)
class Cover:
    """A whole picture: ground, shapes from back to front, and two lines of text."""

    top: Colour
    bottom: Colour
    shapes: tuple[Shape, ...]
    ink: Colour
    title: str
    subtitle: str


def cover_of(composition: UnifiedComposition, *, title: str = "") -> Cover:
    """Return the cover of a composition; `title` is the user's own, where it differs."""
    context = composition.context
    palette = _palette(composition)
    shapes = (*_rings(composition, palette), *_rays(composition, palette))
    genre = max(context.genres, key=lambda each: each.weight).name if context.genres else ""
    facts = " · ".join(filter(None, (genre, context.key.name, f"{float(context.bpm):g} bpm")))
    return Cover(palette.top, palette.bottom, shapes, palette.ink, title or context.title, facts)


def cover_svg(cover: Cover) -> bytes:
    """Return the picture as SVG 1.1."""
    polygons = "".join(
        f'<polygon fill="{_hex(shape.colour)}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)}"/>\n'
        for shape in cover.shapes
    )
    ink = _hex(cover.ink)
    family = 'font-family="Inter, Helvetica, Arial, sans-serif"'
    size = _title_size(cover.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE:g} {SIDE:g}" role="img">\n'
        f"<title>{escape(cover.title)}</title>\n"
        '<defs><linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{_hex(cover.top)}"/><stop offset="1" stop-color="{_hex(cover.bottom)}"/>'
        "</linearGradient></defs>\n"
        f'<rect width="{SIDE:g}" height="{SIDE:g}" fill="url(#ground)"/>\n{polygons}'
        f'<text x="60" y="910" fill="{ink}" {family} font-size="{size:g}" font-weight="600">'
        f"{escape(cover.title)}</text>\n"
        f'<text x="60" y="955" fill="{ink}" {family} font-size="26" opacity="0.75">{escape(cover.subtitle)}</text>\n'
        "</svg>\n"
    ).encode()


def cover_jpeg(cover: Cover, side: int = 600) -> bytes:
    """Return the picture as JPEG, `side` pixels square, drawn at twice that and made smaller."""
    scale = 2 * side / SIDE
    ground = Image.new("RGB", (1, 2))
    ground.putdata([cover.top, cover.bottom])
    image = ground.resize((2 * side, 2 * side), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(image)
    for shape in cover.shapes:
        draw.polygon([(x * scale, y * scale) for x, y in shape.points], fill=shape.colour)
    size = _title_size(cover.title)
    for text, line, height in ((cover.title, 910, size), (cover.subtitle, 955, 26)):
        font = ImageFont.load_default(height * scale)
        draw.text((60 * scale, line * scale), text, fill=cover.ink, font=font, anchor="ls")
    buffer = io.BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _rings(composition: UnifiedComposition, palette: Palette) -> Iterator[Shape]:
    """One arc per section round the clock: its length in bars, its thickness and colour by energy."""
    inner, outer = _RINGS
    bars = max(1, composition.bars)
    for section in composition.sections:
        start = section.start_bar / bars
        end = section.end_bar / bars
        reach = inner + (outer - inner) * (0.25 + 0.75 * section.energy)
        colour = _between(palette.calm, palette.lively, section.energy)
        yield Shape(_arc(start + _GAP / 4, max(start + _GAP / 2, end - _GAP / 4), inner, reach), colour)


def _rays(composition: UnifiedComposition, palette: Palette) -> Iterator[Shape]:
    """One ray per bar inside the rings, as long as the bar's tune is high."""
    tune = _tune(composition)
    if tune is None or not composition.bars:
        return
    bar = composition.time_signature.bar
    pitches: dict[int, list[int]] = {}
    for note in tune.notes:
        pitches.setdefault(int(note.start // bar), []).append(note.pitch)
    means = {number: sum(found) / len(found) for number, found in pitches.items()}
    low, high = min(means.values()), max(means.values())
    width = 0.6 / composition.bars
    for number, mean in sorted(means.items()):
        height = (mean - low) / (high - low) if high > low else 0.5
        reach = _RINGS[0] * (0.3 + 0.58 * height)
        middle = (number + 0.5) / composition.bars
        yield Shape(_arc(middle - width / 2, middle + width / 2, 46.0, reach), palette.tune)


def _tune(composition: UnifiedComposition) -> Part | None:
    for role in _TUNES:
        found = [part for part in composition.parts if part.role is role and part.notes]
        if found:
            return max(found, key=lambda part: len(part.notes))
    return None


def _arc(start: float, end: float, inner: float, outer: float) -> tuple[Point, ...]:
    """Return a ring's piece between two turns (0 at the top, clockwise)."""
    steps = max(2, math.ceil((end - start) * 180))
    turns = [start + (end - start) * step / steps for step in range(steps + 1)]
    return (*(_at(turn, outer) for turn in turns), *(_at(turn, inner) for turn in reversed(turns)))


def _at(turn: float, radius: float) -> Point:
    angle = 2 * math.pi * turn
    return (_CENTRE[0] + radius * math.sin(angle), _CENTRE[1] - radius * math.cos(angle))


def _palette(composition: UnifiedComposition) -> Palette:
    """Choose among the palettes of the song's mood by its seed."""
    context = composition.context
    dark = context.valence < 0.35 or context.key.is_minor
    lively = context.arousal >= 0.1
    choices = _PALETTES[(dark, lively)]
    seed = str(composition.provenance.seed).encode() + context.title.encode()
    draw = int.from_bytes(hashlib.blake2b(seed, digest_size=2).digest(), "big")
    return Palette(*(_rgb(code) for code in choices[draw % len(choices)].split()))


def _between(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return (red, green, blue)


def _rgb(code: str) -> Colour:
    return (int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16))


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in colour)


def _title_size(title: str) -> float:
    """As large as fits the width."""
    return min(64.0, 1500.0 / max(1, len(title)))
