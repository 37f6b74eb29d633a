"""The procedural family: drum machines, synthesisers and physical stand-ins that need no sound file."""
