/** The limits of a request, as the server has them in `text2song.domain.request`; it checks them again. */
export const LIMITS = {
  promptCharacters: 4000,
  lyricsCharacters: 50_000,
  durationSeconds: [5, 600],
  bpm: [30, 300],
  takes: [1, 4],
  titleCharacters: 200,
  genres: 4,
  /** The server takes up to 2⁶³ − 1; JSON numbers in a browser are exact up to here. */
  seed: Number.MAX_SAFE_INTEGER,
} as const;

export const TIME_SIGNATURES = ["4/4", "3/4", "6/8", "5/4", "7/8"] as const;

export const SECTIONS = ["intro", "verse", "prechorus", "chorus", "bridge", "solo", "interlude", "breakdown", "build", "drop", "outro"] as const;

const TONICS = ["C", "C#", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

/** Offered while typing; other names are accepted when the composer knows them. */
export const SUGGESTIONS = {
  key: [...TONICS.flatMap((tonic) => [`${tonic} major`, `${tonic} minor`]), "D dorian", "E phrygian", "F lydian", "G mixolydian"],
  genres: ["pop", "rock", "lo-fi", "house", "synthwave", "hip-hop", "jazz", "ambient", "folk", "reggae", "cinematic", "metal"],
  moods: ["dreamy", "happy", "sad", "dark", "calm", "energetic", "romantic", "epic", "nostalgic", "tense", "playful", "hopeful"],
  instruments: [
    "piano", "electric piano", "organ", "acoustic guitar", "electric guitar", "distorted guitar", "electric bass", "synth bass", "violin",
    "cello", "strings", "trumpet", "saxophone", "flute", "synth lead", "supersaw", "synth pad", "marimba", "drum kit", "drum machine",
  ],
} as const;
