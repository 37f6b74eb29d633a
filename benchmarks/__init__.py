"""Measurements: speed and quality, as ratios within one run, kept as dated CSV."""
