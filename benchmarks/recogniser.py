"""Which of twenty lines was sung? An offline recogniser that knows nothing of us: PocketSphinx with its own model.

An open-vocabulary word error rate says little about singing (stretched vowels alone break it), so the recogniser is
asked to align the sound with each candidate and the best score wins. Chance is one in twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pocketsphinx
from numpy.typing import NDArray
from scipy.signal import resample_poly

_RATE = 16_000
_BEAM = 1e-64


class Recogniser:
    """Aligns sound with texts."""

    def __init__(self) -> None:
        model = Path(pocketsphinx.get_model_path()) / "en-us"
        dictionary = model / "cmudict-en-us.dict"
        self.words = frozenset(
            line.split(maxsplit=1)[0] for line in dictionary.read_text(encoding="utf-8").splitlines()
        )
        self._decoder = pocketsphinx.Decoder(
            hmm=str(model / "en-us"),
            dict=str(dictionary),
            lm=None,
            loglevel="FATAL",
            beam=_BEAM,
            pbeam=_BEAM,
            wbeam=_BEAM,
            cmn="batch",
        )

    def choose(self, samples: NDArray[np.float64], sample_rate: int, texts: Sequence[str]) -> int:
        """Return the index of the text that fits mono samples best, −1 when none can be aligned."""
        sound = resample_poly(samples, _RATE // 100, sample_rate // 100)
        sound = sound / max(float(np.abs(sound).max()), 1e-9) * 0.5
        # A room is never quite silent; the recogniser's log energies need that.
        sound = sound + np.random.default_rng(0).standard_normal(sound.size) * 1e-4
        raw = (sound * 32767).astype(np.int16).tobytes()
        scores = [self._score(raw, text) for text in texts]
        return int(np.argmax(scores)) if max(scores) > -np.inf else -1

    def _score(self, raw: bytes, text: str) -> float:
        self._decoder.set_align_text(text.lower())
        self._decoder.start_utt()
        self._decoder.process_raw(raw, full_utt=True)
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return float(heard.score) if heard is not None and heard.hypstr else -np.inf
