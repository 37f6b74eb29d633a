"""A reference fills what fields and words leave open, and nothing else."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from uuid import UUID, uuid4

import numpy as np
import pytest
import soundfile
from benchmarks.hostile import honest_files
from tests.evaluation.test_reference import music
from tests.services.fakes import make_studio

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.files import Kind, NoSoundError, Upload, keep_upload
from text2song.services.references import after_reference
from text2song.services.studio import Studio
from text2song.storage.repositories.base import RowNotFoundError

RATE = 22_050


def keep(studio: Studio, content: bytes, kind: Kind = Kind.REFERENCE) -> UUID:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return keep_upload(studio, LOCAL_OWNER, Upload(file, len(content), "reference", kind)).id


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    made = make_studio(tmp_path_factory.mktemp("studio"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def reference(studio: Studio) -> UUID:
    """Thirty-two seconds in A minor at 92, growing louder."""
    sound = music(92, "A minor", RATE, 32) * np.linspace(0.1, 1, 32 * RATE, dtype=np.float32)
    buffer = io.BytesIO()
    soundfile.write(buffer, sound, RATE, format="FLAC", subtype="PCM_16")
    return keep(studio, buffer.getvalue())


def test_it_fills_what_is_open(studio: Studio, reference: UUID) -> None:
    wish = CompositionRequest(prompt="rock song with guitars", seed=3)
    styled = after_reference(studio, LOCAL_OWNER, wish, reference)
    assert styled.bpm == pytest.approx(92, rel=0.01)
    assert styled.key == "A minor"
    assert list(styled.energy) == sorted(styled.energy)
    assert (min(styled.energy), max(styled.energy)) == (0.2, 0.95)
    assert (styled.prompt, styled.seed) == (wish.prompt, wish.seed)
    styled.validate()


def test_fields_and_words_win(studio: Studio, reference: UUID) -> None:
    fields = CompositionRequest(prompt="rock song", bpm=140, key="G major", energy=(0.9, 0.1))
    assert after_reference(studio, LOCAL_OWNER, fields, reference) == fields
    words = after_reference(studio, LOCAL_OWNER, CompositionRequest(prompt="rock song, 70 bpm, D minor"), reference)
    assert (words.bpm, words.key) == (None, None)
    assert words.energy


def test_without_one_nothing_changes(studio: Studio) -> None:
    wish = CompositionRequest(prompt="rock song")
    assert after_reference(studio, LOCAL_OWNER, wish, None) is wish


def test_silence_says_nothing(studio: Studio) -> None:
    buffer = io.BytesIO()
    soundfile.write(buffer, np.zeros(5 * RATE, np.float32), RATE, format="WAV", subtype="PCM_16")
    wish = CompositionRequest(prompt="rock song")
    assert after_reference(studio, LOCAL_OWNER, wish, keep(studio, buffer.getvalue())) == wish


def test_what_is_no_reference(studio: Studio) -> None:
    wish = CompositionRequest(prompt="rock song")
    with pytest.raises(NoSoundError):
        after_reference(studio, LOCAL_OWNER, wish, keep(studio, honest_files()["PNG"], Kind.COVER))
    with pytest.raises(RowNotFoundError):
        after_reference(studio, LOCAL_OWNER, wish, uuid4())
