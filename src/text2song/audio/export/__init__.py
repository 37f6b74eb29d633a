"""Scores for other programs: MIDI, MusicXML and timed lyrics, each as bytes made from a composition."""
