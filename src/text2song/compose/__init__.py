"""Turns a prompt into a `UnifiedComposition` by seeded, symbolic elements under one orchestrator."""
