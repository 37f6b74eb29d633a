import type { Schema } from "@/lib/api/client";
import type { FieldProblem } from "@/lib/api/problem";

import { LIMITS } from "./limits";

/** The form as it stands on the page: text as typed, empty where the words and the style shall decide. */
export interface SongForm {
  prompt: string;
  duration: string;
  bpm: string;
  key: string;
  timeSignature: string;
  genres: string[];
  moods: string[];
  instruments: string[];
  without: string[];
  structure: string[];
  lyrics: string;
  vocals: "auto" | "sung" | "instrumental";
  takes: number;
  seed: string;
  /** Id of a sound that the song takes after, empty for none; and what to call it. */
  reference: string;
  referenceName: string;
}

export type FormField = keyof SongForm;
export type FormErrors = Partial<Record<FormField, { message: string; choices: string[] }>>;

export const EMPTY_FORM: SongForm = {
  prompt: "",
  duration: "",
  bpm: "",
  key: "",
  timeSignature: "",
  genres: [],
  moods: [],
  instruments: [],
  without: [],
  structure: [],
  lyrics: "",
  vocals: "auto",
  takes: 1,
  seed: "",
  reference: "",
  referenceName: "",
};

const SERVER_NAMES: Record<string, FormField> = {
  duration_seconds: "duration",
  time_signature: "timeSignature",
  num_samples: "takes",
  reference_file_id: "reference",
};

/** How many optional fields are set. */
export function optionsSet(form: SongForm): number {
  const { prompt: _prompt, takes: _takes, referenceName: _name, ...options } = form;
  return Object.values(options).filter((value) => value.length > 0 && value !== "auto").length;
}

/** What the server would refuse, found before it is asked. */
export function validate(form: SongForm): FormErrors {
  const errors: FormErrors = {};
  const refuse = (field: FormField, message: string | null) => {
    if (message) errors[field] = { message, choices: [] };
  };
  refuse("prompt", promptError(form.prompt));
  refuse("duration", rangeError(form.duration, "duration", LIMITS.durationSeconds, "seconds"));
  refuse("bpm", rangeError(form.bpm, "tempo", LIMITS.bpm, "beats per minute"));
  refuse("seed", seedError(form.seed));
  refuse("lyrics", lengthError(form.lyrics, "lyrics have", LIMITS.lyricsCharacters));
  if (form.genres.length > LIMITS.genres) refuse("genres", "A blend has at most four genres.");
  return errors;
}

function promptError(prompt: string): string | null {
  if (!prompt.trim()) return "The prompt is empty; describe the song in a few words.";
  return lengthError(prompt, "prompt has", LIMITS.promptCharacters);
}

function lengthError(text: string, what: string, limit: number): string | null {
  const length = [...text].length;
  return length > limit ? `The ${what} ${length.toLocaleString("en")} characters; at most ${limit.toLocaleString("en")} are read.` : null;
}

function rangeError(text: string, what: string, [low, high]: readonly [number, number], unit: string): string | null {
  if (!text.trim()) return null;
  const value = numberOf(text);
  return value >= low && value <= high ? null : `The ${what} must be ${low}–${high} ${unit}.`;
}

/** A figure as people type it: "97.5", or "97,5" where that is the custom. */
export function numberOf(text: string): number {
  return Number(text.trim().replace(/^(\d+),(\d+)$/, "$1.$2"));
}

function seedError(text: string): string | null {
  if (!text.trim()) return null;
  return /^\d+$/.test(text.trim()) && Number(text) <= LIMITS.seed ? null : `The seed must be a whole number from 0 to ${LIMITS.seed}.`;
}

/** "synthwave:0.7" → name and weight; without a weight the genre counts 1. */
export function parseGenre(tag: string): { name: string; weight: number } {
  const match = /^(.*?)\s*:\s*(\d*\.?\d+)\s*(%?)$/.exec(tag);
  if (!match?.[1]) return { name: tag.trim(), weight: 1 };
  return { name: match[1].trim(), weight: Number(match[2]) / (match[3] ? 100 : 1) };
}

/** The request that a valid form asks for; what was left empty is left out. */
export function toRequest(form: SongForm): Schema<"GenerateRequest"> {
  const number = (text: string) => (text.trim() ? numberOf(text) : undefined);
  const words = (text: string) => text.trim() || undefined;
  return {
    prompt: form.prompt,
    num_samples: form.takes,
    duration: number(form.duration),
    bpm: number(form.bpm),
    key: words(form.key),
    time_signature: words(form.timeSignature),
    genres: form.genres.length ? form.genres.map(parseGenre) : undefined,
    moods: some(form.moods),
    instruments: some(form.instruments),
    without: some(form.without),
    structure: some(form.structure),
    lyrics: words(form.lyrics),
    vocals: form.vocals === "auto" ? undefined : form.vocals,
    seed: number(form.seed),
  };
}

/** The form that a kept request came from, to change it and make it again. */
export function fromRequest(request: Record<string, unknown>, takes: number): SongForm {
  const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
  const list = (value: unknown) => (Array.isArray(value) ? value.map(tagOf).filter(Boolean) : []);
  return {
    prompt: text(request.prompt),
    duration: text(request.duration_seconds),
    bpm: text(request.bpm),
    key: text(request.key),
    timeSignature: text(request.time_signature),
    genres: list(request.genres),
    moods: list(request.moods),
    instruments: list(request.instruments),
    without: list(request.without),
    structure: list(request.structure),
    lyrics: text(request.lyrics),
    vocals: request.vocals === true ? "sung" : request.vocals === false ? "instrumental" : "auto",
    takes: Math.min(LIMITS.takes[1], Math.max(1, takes)),
    seed: "",
    reference: "",
    referenceName: "",
  };
}

function some(words: string[]): string[] | undefined {
  return words.length ? words : undefined;
}

/** A word of a list, or a genre of a blend with its weight. */
function tagOf(entry: unknown): string {
  if (typeof entry === "string") return entry;
  const { name, weight } = (entry ?? {}) as { name?: unknown; weight?: unknown };
  if (typeof name !== "string") return "";
  return typeof weight === "number" && weight !== 1 ? `${name}:${weight}` : name;
}

/** The fields of a server's problem at the places of the form; those the form lacks are left out. */
export function errorsFrom(problems: readonly FieldProblem[]): FormErrors {
  const errors: FormErrors = {};
  for (const { field, message, choices } of problems) {
    const place = SERVER_NAMES[field] ?? field;
    if (place in EMPTY_FORM) errors[place as FormField] ??= { message, choices };
  }
  return errors;
}

/**
 * The form with one of the server's choices taken.
 *
 * In a list it replaces the entry that the message quotes, or the last one where it quotes none.
 */
export function applyChoice(form: SongForm, field: FormField, choice: string, message: string): SongForm {
  const value = form[field];
  if (!Array.isArray(value)) return { ...form, [field]: choice };
  const quoted = /“(.+?)”/.exec(message)?.[1]?.toLowerCase();
  const at = value.findIndex((tag) => parseGenre(tag).name.toLowerCase() === quoted);
  const replaced = at >= 0 ? at : value.length - 1;
  const rest = value.filter((_, index) => index !== replaced);
  return { ...form, [field]: [...rest.slice(0, Math.max(0, replaced)), choice, ...rest.slice(Math.max(0, replaced))] };
}
