"""The elements of a composition, each adding its part to what the ones before it made."""
