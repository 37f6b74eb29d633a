import { numberOf } from "@/features/compositions/form";
import { LIMITS } from "@/features/compositions/limits";
import type { Section, Stem } from "@/features/takes/model";
import type { Schema } from "@/lib/api/client";
import type { FieldProblem } from "@/lib/api/problem";

/** Stands for no part, for every part, and for the whole song. */
export const NOTHING = "-nothing";
export const EVERYTHING = "-everything";
/** The chords of a stretch, which the server calls so too. */
export const HARMONY = "harmony";

/** What the listener chose to change; whatever is not chosen stays as it is. */
export interface EditForm {
  /** Made anew: a stem's name, `HARMONY`, `NOTHING` or `EVERYTHING`. */
  part: string;
  /** Where: a section's name or `EVERYTHING`. Holds for what is made anew, silenced, livelier and sung. */
  section: string;
  /** Beats per minute as typed, empty to keep them. */
  bpm: string;
  /** A tonic such as "F#", or `NOTHING` to keep it. */
  tonic: string;
  /** A stem that gets another instrument, or `NOTHING`; and which. */
  player: string;
  instrument: string;
  /** 0–1 as text, or `NOTHING`. */
  energy: string;
  moods: string[];
  /** A stem that falls silent, `EVERYTHING`, or `NOTHING`. */
  silent: string;
  /** A place of the band to fill, or `NOTHING`; and with which instrument, empty for the style's own. */
  added: string;
  addedInstrument: string;
  /** A section that is played once more, or `NOTHING`. */
  again: string;
  /** Seconds as typed that the song is lengthened to, empty to keep its length. */
  duration: string;
  lyrics: string;
  /** Stems that stay whatever else changes. */
  locks: string[];
}

export type EditField = keyof EditForm;
export type EditErrors = Partial<Record<EditField, { message: string; choices: string[] }>>;

export const NO_EDIT: EditForm = {
  part: NOTHING,
  section: EVERYTHING,
  bpm: "",
  tonic: NOTHING,
  player: NOTHING,
  instrument: "",
  energy: NOTHING,
  moods: [],
  silent: NOTHING,
  added: NOTHING,
  addedInstrument: "",
  again: NOTHING,
  duration: "",
  lyrics: "",
  locks: [],
};

export const TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"] as const;

/** The places of a band, as `text2song.compose.elements.palette` has them. */
export const PLACES = ["drums", "bass", "chords", "lead", "pad", "arpeggio", "counter", "percussion", "effects"] as const;

/** The fields of the form by the server's names. */
const SERVER_NAMES: Record<string, EditField> = {
  remake: "part",
  bpm: "bpm",
  key: "tonic",
  instruments: "instrument",
  energy: "energy",
  section_energy: "energy",
  moods: "moods",
  remove: "silent",
  add: "added",
  extend: "again",
  duration: "duration",
  duration_seconds: "duration",
  lyrics: "lyrics",
  lock: "locks",
};

/** Fields that change nothing by themselves. */
const BESIDES: readonly EditField[] = ["section", "instrument", "addedInstrument", "locks"];

/** Which fields are set, of those that change something. */
export function changes(form: EditForm): EditField[] {
  const fields = (Object.keys(NO_EDIT) as EditField[]).filter((field) => !BESIDES.includes(field));
  return fields.filter((field) => (typeof form[field] === "string" ? form[field].trim() !== NO_EDIT[field] : form[field].length > 0));
}

/** Whether there is anything to change. */
export function isEdit(form: EditForm): boolean {
  return changes(form).length > 0;
}

/** What the server would refuse, found before it is asked. */
export function validate(form: EditForm): EditErrors {
  const errors: EditErrors = {};
  const refuse = (field: EditField, message: string | null) => {
    if (message) errors[field] = { message, choices: [] };
  };
  refuse("bpm", rangeError(form.bpm, "A tempo", LIMITS.bpm, "beats per minute"));
  refuse("duration", rangeError(form.duration, "A length", LIMITS.durationSeconds, "seconds"));
  if (form.player !== NOTHING && !form.instrument.trim()) refuse("instrument", "Name the instrument that shall play it.");
  if (form.again !== NOTHING && form.duration.trim()) refuse("duration", "Play a section once more or set a length, not both.");
  return errors;
}

function rangeError(text: string, what: string, [low, high]: readonly [number, number], unit: string): string | null {
  const value = numberOf(text);
  if (!text.trim() || (value >= low && value <= high)) return null;
  return `${what} is ${low} to ${high} ${unit}.`;
}

/** The fields of a server's problem at the places of the form; those the form lacks are left out. */
export function errorsFrom(problems: readonly FieldProblem[]): EditErrors {
  const errors: EditErrors = {};
  for (const { field, message, choices } of problems) {
    const place = SERVER_NAMES[field];
    if (place) errors[place] ??= { message, choices };
  }
  return errors;
}

/** The edit as the server wants it; `seed` makes each press another version. */
export function toEdit(form: EditForm, song: { key: string | null; sections: Section[]; take: number; seed: number }): Schema<"EditCreate"> {
  const mode = song.key?.split(" ").slice(1).join(" ") ?? "";
  return {
    remake: remade(form, song.sections),
    ...(form.bpm.trim() && { bpm: numberOf(form.bpm) }),
    ...(form.tonic !== NOTHING && { key: `${form.tonic} ${mode}`.trim() }),
    ...(form.player !== NOTHING && { instruments: { [form.player]: form.instrument.trim() } }),
    ...(form.energy !== NOTHING && energyOf(form)),
    ...(form.moods.length && { moods: form.moods }),
    ...(form.silent !== NOTHING && { remove: targets(form.silent, form.section, song.sections) }),
    ...(form.added !== NOTHING && { add: [[form.added, form.addedInstrument.trim()].filter(Boolean).join("=")] }),
    ...(form.again !== NOTHING && { extend: form.again }),
    ...(form.duration.trim() && { duration: numberOf(form.duration) }),
    ...(form.lyrics.trim() && { lyrics: form.lyrics }),
    ...(form.locks.length && { lock: form.locks }),
    take: song.take,
    seed: song.seed,
  } as Schema<"EditCreate">;
}

function remade(form: EditForm, sections: Section[]): string[] {
  const parts = form.part === NOTHING ? [] : targets(form.part, form.section, sections);
  // New words go where their own tags say; without tags, where one says so.
  const words = form.lyrics.trim() && form.section !== EVERYTHING ? [`${form.section}/lyrics`] : [];
  return [...parts, ...words];
}

function targets(part: string, section: string, sections: Section[]): string[] {
  const everywhere = section === EVERYTHING;
  if (part === EVERYTHING) return everywhere ? sections.map(({ name }) => name) : [section];
  return [everywhere ? part : `${section}/${part}`];
}

function energyOf({ energy, section }: EditForm) {
  return section === EVERYTHING ? { energy: [Number(energy)] } : { section_energy: { [section]: Number(energy) } };
}

/** Says in a few words what stays: "8 of 9 stems keep every byte." */
export function kept(form: EditForm, stems: Stem[]): string {
  const changed = changes(form);
  if (!changed.length) return "Choose what to change; everything else keeps every byte.";
  const named: string[] = [form.part, form.player, form.silent].filter((name) => name !== NOTHING);
  const touched = stems.filter(({ name }) => named.includes(name));
  const onlyStems = changed.every((field) => ["part", "player", "silent"].includes(field)) && named.every((name) => stems.some((stem) => stem.name === name));
  if (!onlyStems) return "The song you have stays as it is; the edit becomes a song of its own.";
  return `${stems.length - touched.length} of ${stems.length} stems keep every byte.`;
}
