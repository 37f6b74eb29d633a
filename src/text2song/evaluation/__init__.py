"""Judges a take: conformance to the prompt, measured on the audio by code that shares nothing with its maker."""
