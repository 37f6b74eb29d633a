"""The sampled family of instruments: SoundFonts (SF2 and SF3) read, found and played."""
