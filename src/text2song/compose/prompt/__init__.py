"""Reads a prompt: a broad lexicon, exact number readers, and an honest list of what was not understood."""
