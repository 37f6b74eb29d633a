"""Singing: words spoken by an optional synthesiser, re-timed and re-pitched to the score."""
