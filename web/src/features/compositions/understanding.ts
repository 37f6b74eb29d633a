import { plain } from "@/features/takes/report";
import type { Schema } from "@/lib/api/client";

export type Understanding = Schema<"UnderstandingOut">;

export interface Reading {
  name: string;
  value: string;
  /** Who decided: "You set this", "From your words", "The style's own". */
  source: string;
  /** The words that decided, where words did. */
  words: string;
}

const SOURCES = { user: "You set this", words: "From your words", style: "The style’s own" } as const;

/** Every value of a song with where it came from, in the order a musician asks for them. */
export function readingsOf(understood: Understanding): Reading[] {
  const values: [field: string, label: string, value: string][] = [
    ["genres", "Genre", blend(understood.genres)],
    ["moods", "Mood", plain(understood.moods)],
    ["bpm", "Tempo", [understood.bpm && `${plain(understood.bpm)} BPM`, understood.tempo_word].filter(Boolean).join(", ")],
    ["key", "Key", understood.key ?? ""],
    ["time_signature", "Metre", understood.time_signature ?? ""],
    ["duration_seconds", "Length", understood.duration_seconds ? `${plain(understood.duration_seconds)} s` : ""],
    ["instruments", "Instruments", plain(understood.instruments)],
    ["without", "Without", plain(understood.without)],
    ["vocals", "Vocals", [understood.vocals, understood.voice].filter(Boolean).join(", ")],
    ["language", "Language", language(understood.language)],
    ["structure", "Structure", plain(understood.structure)],
  ];
  return values
    .map(([field, name, value]) => ({ name, value, ...sourceOf(understood, field) }))
    .filter(({ value }) => value && value !== "–");
}

function sourceOf({ sources }: Understanding, field: string): Pick<Reading, "source" | "words"> {
  const reading = sources[field];
  return { source: reading ? SOURCES[reading.source] : "", words: reading?.words ?? "" };
}

/** "en" → "English". */
function language(tag: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function blend(genres: Understanding["genres"]): string {
  if (genres.length === 1) return genres[0]?.name ?? "";
  return genres.map(({ name, weight }) => `${name} ${Math.round(weight * 100)} %`).join(" + ");
}
