"""Text2Song Studio: describe a song, get it finished, and let the studio learn from your votes."""

__version__ = "0.1.0"
