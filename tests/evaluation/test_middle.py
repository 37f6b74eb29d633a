import numpy as np

from text2song.evaluation.middle import middle, middle_of, padded


def test_pieces_make_the_middle_of_the_whole() -> None:
    audio = np.random.default_rng(1).normal(0, 0.3, (10_000, 2)).astype(np.float32)
    whole = middle(audio)
    assert whole.dtype == np.float32
    np.testing.assert_array_equal(whole, (audio[:, 0] + audio[:, 1]) * np.float32(0.5))
    np.testing.assert_array_equal(middle_of(np.array_split(audio, 7), 10_000), whole)


def test_only_what_is_too_short_is_padded() -> None:
    mono = np.ones(5, np.float32)
    assert padded(mono, 4) is mono
    assert padded(mono, 7).tolist() == [1, 1, 1, 1, 1, 0, 0]
