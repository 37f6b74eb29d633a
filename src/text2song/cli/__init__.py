"""The command line: `text2song`."""
