"""Runs neural music models and their adapters; the only package besides training that may import torch."""
