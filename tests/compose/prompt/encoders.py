"""A tiny BERT encoder with random weights and a tokeniser of its own, for tests of the real loading code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

WIDTH, HEADS, LAYERS, INNER = 12, 3, 2, 20
WORDS = ("[PAD]", "[UNK]", "sad", "happy", "piano", "drums", "rain")


def write_encoder(folder: Path, seed: int = 0) -> Path:
    """Write config.json, tokenizer.json and model.safetensors; return the folder."""
    draw = np.random.default_rng(seed)
    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (160, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        **_norm("embeddings.LayerNorm"),
    }
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        for part in ("query", "key", "value"):
            shapes |= _linear(f"{name}attention.self.{part}", WIDTH, WIDTH)
        shapes |= _linear(f"{name}attention.output.dense", WIDTH, WIDTH) | _norm(f"{name}attention.output.LayerNorm")
        shapes |= _linear(f"{name}intermediate.dense", INNER, WIDTH) | _linear(f"{name}output.dense", WIDTH, INNER)
        shapes |= _norm(f"{name}output.LayerNorm")
    weights = {name: draw.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}
    save_file(weights, folder / "model.safetensors")
    config = {"num_attention_heads": HEADS, "num_hidden_layers": LAYERS, "layer_norm_eps": 1e-12}
    (folder / "config.json").write_text(json.dumps(config))
    tokenizer = Tokenizer(models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token=WORDS[1]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _linear(name: str, out: int, into: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (out, into), f"{name}.bias": (out,)}


def _norm(name: str) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (WIDTH,), f"{name}.bias": (WIDTH,)}
