"""The handlers that workers run, one job kind per module."""
