"""The use cases, one noun per module, and the task handlers that workers run."""
