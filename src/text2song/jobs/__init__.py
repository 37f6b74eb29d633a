"""Runs work later: lease, heartbeat, fencing, retry, progress, cancel; knows job names, not music."""
