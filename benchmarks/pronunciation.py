"""Our pronunciation beside espeak-ng's, word by word: how many syllables, which one is stressed.

espeak-ng is under the GPL and only compared with, where the voice extra is installed. The words are in
benchmarks/data/words-<list>.txt: "frequent" ones of songs, "plain" ones, and "hard" ones of three syllables and more.

    python -m benchmarks.pronunciation        # → benchmarks/results/pronunciation-<date>.csv
"""

from __future__ import annotations

import csv
import ctypes
import re
import sys
from pathlib import Path

import espeakng_loader

from text2song.compose.words.pronunciation import lexicon, pronounce

HERE = Path(__file__).parent
LISTS = ("frequent", "plain", "hard")
_IPA, _UTF8 = 0x02, 1
_RETRIEVAL = 2
_VOWEL = re.compile(r"aɪɚ|aɪə|aʊɚ|aɪ|aʊ|eɪ|oʊ|ɔɪ|oː|iː|uː|ɑː|ɔː|ɜː|n̩|l̩|əl|[aeiouæɑɒɔəɛɜɪʊʌɐᵻɚ]")


class Espeak:
    """The phonemes of espeak-ng for American English."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        self._library.espeak_Initialize(_RETRIEVAL, 0, str(espeakng_loader.get_data_path()).encode(), 0)
        self._library.espeak_SetVoiceByName(b"en-us")
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def ipa(self, word: str) -> str:
        """Return a word in IPA with stress marks."""
        text = ctypes.create_string_buffer(word.encode())
        pointer = ctypes.c_void_p(ctypes.addressof(text))
        found: bytes = self._library.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA)
        return found.decode()


def ipa_shape(ipa: str) -> tuple[int, int]:
    """Return (syllables, which one has the main stress, counted from the end)."""
    vowels = list(_VOWEL.finditer(ipa))
    mark = ipa.find("ˈ")
    stressed = next((index for index, vowel in enumerate(vowels) if vowel.start() > mark), 0)
    return len(vowels), len(vowels) - stressed


def own_shape(word: str) -> tuple[int, int]:
    """Return the same of our own pronunciation."""
    vowels = [sound for sound in pronounce(word) if sound[-1].isdigit()]
    stressed = next((index for index, vowel in enumerate(vowels) if vowel.endswith("1")), 0)
    return len(vowels), len(vowels) - stressed


def main(date: str) -> int:
    """Compare all lists, write every difference, print the shares."""
    espeak = Espeak()
    rows: list[tuple[str, str, str, str, int, int]] = []
    for name in LISTS:
        words = (HERE / "data" / f"words-{name}.txt").read_text(encoding="utf-8").split()
        counted = stressed = 0
        for word in words:
            theirs, ours = ipa_shape(espeak.ipa(word)), own_shape(word)
            counted += theirs[0] == ours[0]
            # Of words that both give as many syllables, and of the others by the place from either end.
            right = theirs[1] == ours[1] or theirs[0] - theirs[1] == ours[0] - ours[1]
            stressed += right
            if theirs[0] != ours[0] or not right:
                rows.append((name, word, espeak.ipa(word), " ".join(pronounce(word)), theirs[0] == ours[0], right))
        known = sum(word in lexicon() for word in words)
        print(
            f"{name}: {len(words)} words, {100 * counted / len(words):.1f} % same syllables, "
            f"{100 * stressed / len(words):.1f} % same stress; {known} in the lexicon"
        )
    with (HERE / "results" / f"pronunciation-{date}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("list", "word", "espeak", "own", "same_count", "same_stress"))
        writer.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "2026-11-25"))
