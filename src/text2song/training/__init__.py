"""Teaches adapters from votes; the only package besides neural that may import torch."""
