"""The frozen vocabulary of a song: standard library only, imported by everything, importing nothing."""
