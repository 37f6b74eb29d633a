/** One part's sound. */
export interface Stem {
  name: string;
  instrument: string;
  /** Integrated loudness, LUFS. */
  lufs: number;
  url: string;
}

/** One rendered result of a song. */
export interface Take {
  id: string;
  compositionId: string;
  /** 1 for the first of its song. */
  number: number;
  seconds: number;
  seed: number;
  streamUrl: string;
  stems: Stem[];
  files: TakeFile[];
  /** Largest magnitude per stretch of the song, 0–1. */
  peaks: number[];
  /** Marked by the listener. */
  favorite: boolean;
}

/** A file that can be taken home. */
export interface TakeFile {
  name: string;
  bytes: number;
}

/** Where a song's sections and chords lie, in seconds. */
export interface Outline {
  sections: Section[];
  chords: Chord[];
  lyrics: LyricLine[];
  /** What is not sung of the words, and why. */
  lyricsNotes: string[];
}

interface Span {
  start: number;
  end: number;
}

export interface Section extends Span {
  name: string;
  /** 0–1. */
  energy: number;
}

export interface Chord extends Span {
  symbol: string;
  /** Roman numeral in the key. */
  roman: string;
}

export interface LyricLine extends Span {
  text: string;
}

/** What was asked of a take, and what was measured on it. */
export interface Report {
  passed: boolean;
  reasons: string[];
  asked: Record<string, unknown>;
  measured: Record<string, unknown>;
  /** Seconds of work per stage. */
  seconds: Record<string, number>;
  realtimeFactor: number;
  loudnessLufs: number;
  truePeakDbtp: number;
}

/** What is fetched of a take only when it is opened. */
export interface TakeDetails {
  outline: Outline;
  report: Report;
}
