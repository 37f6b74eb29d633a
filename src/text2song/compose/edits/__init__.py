"""Exact edits: a finished composition and one change of it give a child; what is not named stays the same object."""
