"""Turns a score into sound and works on sound: instruments, voice, stems, mix, master, codecs, analysis."""
