"""What goes over the wire, one noun per module; nothing is coerced and nothing unknown is let in."""
