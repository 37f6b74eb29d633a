"""Where SoundFonts are: the user's choice, the folders systems keep them in, the one inside an installed package."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import structlog

from text2song.audio.soundfont.font import load_font
from text2song.audio.soundfont.riff import CorruptSoundFontError
from text2song.domain.errors import InvalidError

_SUFFIXES = frozenset({".sf2", ".sf3"})
_FOLDERS = (
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/usr/local/share/sounds/sf2",
    "/opt/homebrew/share/soundfonts",
    "/Library/Audio/Sounds/Banks",
    "C:/ProgramData/soundfonts",
    "C:/soundfonts",
)
_HOME_FOLDERS = (
    ".local/share/soundfonts",
    ".local/share/sounds/sf2",
    ".local/share/sounds/sf3",
    "soundfonts",
    "Library/Audio/Sounds/Banks",
    "AppData/Local/soundfonts",
)
# Parts of file names in lower case, the better the earlier; what has none of them comes between.
_GOOD = ("musescore_general", "generaluser", "sgm", "arachno", "fluidr3", "fluid")
_POOR = ("timgm", "opl", "chip", "8bit", "default-gm")
# A folder with more fonts than this belongs to a collector; the best known names are still tried first.
_MAX_CANDIDATES = 64
#: What `font_digest` reads of each end.
_END_BYTES = 1 << 18


class MissingSoundFontError(InvalidError):
    """The SoundFont that was asked for is not a file."""

    slug = "missing-soundfont"


def find_soundfonts(setting: str = "") -> tuple[Path, ...]:
    """Return readable SoundFonts, the best first.

    `setting` is a file to put before all others, "" for those that are found alone, or "none" for none at all.
    Raises `MissingSoundFontError` or `CorruptSoundFontError` when the file of `setting` is not there or not sound.
    """
    if setting.strip().lower() == "none":
        return ()
    chosen = [_chosen(setting.strip())] if setting.strip() else []
    found = [path for path in _candidates(_system_folders()) if path not in chosen and _is_readable(path)]
    return (*chosen, *found)


def font_digest(path: Path) -> str:
    """Return a hash that tells SoundFont files apart, of the length and of both ends: the whole may be hundreds of MB.

    The head holds names and version, the tail the presets with every generator.
    """
    length = path.stat().st_size
    found = hashlib.sha256(str(length).encode())
    with path.open("rb") as file:
        found.update(file.read(_END_BYTES))
        file.seek(max(0, length - _END_BYTES))
        found.update(file.read(_END_BYTES))
    return found.hexdigest()


def _chosen(setting: str) -> Path:
    path = Path(setting).expanduser()
    if not path.is_file():
        raise MissingSoundFontError(f"there is no SoundFont file at “{setting}”", field="soundfont")
    load_font(path)
    return path.resolve()


def _system_folders() -> list[Path]:
    home = Path.home()
    return [*(home / name for name in _HOME_FOLDERS), *(Path(name) for name in _FOLDERS)]


def _candidates(folders: list[Path]) -> list[Path]:
    paths = {path.resolve() for folder in folders for path in _fonts_in(folder)}
    ranked = sorted(paths, key=lambda path: (_rank(path), -path.stat().st_size, str(path)))[:_MAX_CANDIDATES]
    # The package's small font last, and only where no other copy of it is installed.
    names = {path.name for path in ranked}
    return ranked + [path for path in _packaged() if path.name not in names]


def _fonts_in(folder: Path) -> Iterator[Path]:
    try:
        for path in folder.iterdir():
            if path.suffix.lower() in _SUFFIXES and path.is_file():
                yield path
    except OSError:
        # A folder that is missing or closed to us holds no fonts for us.
        return


def _rank(path: Path) -> int:
    name = path.name.lower()
    for place, part in enumerate(_GOOD):
        if part in name:
            return place
    return len(_GOOD) + any(part in name for part in _POOR)


def _packaged() -> list[Path]:
    """Return fonts inside the installed pretty_midi, which is located and never imported."""
    spec = importlib.util.find_spec("pretty_midi")
    folders = spec.submodule_search_locations if spec is not None else None
    return sorted(path for folder in folders or () for path in _fonts_in(Path(folder)))


def _is_readable(path: Path) -> bool:
    try:
        load_font(path)
    except CorruptSoundFontError as error:
        structlog.get_logger().warning("soundfont_skipped", path=str(path), reason=error.message)
        return False
    return True
