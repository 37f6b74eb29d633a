import type { Section, Stem } from "@/features/takes/model";
import type { Schema } from "@/lib/api/client";

/** Stands for no part, for every part, and for the whole song. */
export const NOTHING = "-nothing";
export const EVERYTHING = "-everything";
/** The chords of a stretch, which the server calls so too. */
export const HARMONY = "harmony";

/** What the listener chose to change; whatever is not chosen stays as it is. */
export interface EditForm {
  /** A stem's name, `HARMONY`, `NOTHING` or `EVERYTHING`. */
  part: string;
  /** A section's name or `EVERYTHING`. */
  section: string;
  /** Beats per minute as typed, empty to keep them. */
  bpm: string;
  /** A tonic such as "F#", or `NOTHING` to keep it. */
  tonic: string;
}

export const NO_EDIT: EditForm = { part: NOTHING, section: EVERYTHING, bpm: "", tonic: NOTHING };

export const TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"] as const;

const BPM = { min: 30, max: 300 };

/** Whether there is anything to change. */
export function isEdit(form: EditForm): boolean {
  return form.part !== NOTHING || form.bpm.trim() !== "" || form.tonic !== NOTHING;
}

/** What is wrong with the tempo, or null. */
export function tempoError({ bpm }: EditForm): string | null {
  const number = Number(bpm);
  if (bpm.trim() === "" || (Number.isFinite(number) && number >= BPM.min && number <= BPM.max)) return null;
  return `A tempo is ${BPM.min} to ${BPM.max} beats per minute.`;
}

/** The edit as the server wants it; `seed` makes each press another version. */
export function toEdit(form: EditForm, song: { key: string | null; sections: Section[]; take: number; seed: number }): Schema<"EditCreate"> {
  const mode = song.key?.split(" ").slice(1).join(" ") ?? "";
  return {
    remake: targets(form, song.sections),
    ...(form.bpm.trim() && { bpm: Number(form.bpm) }),
    ...(form.tonic !== NOTHING && { key: `${form.tonic} ${mode}`.trim() }),
    take: song.take,
    seed: song.seed,
  } as Schema<"EditCreate">;
}

function targets({ part, section }: EditForm, sections: Section[]): string[] {
  if (part === NOTHING) return [];
  const everywhere = section === EVERYTHING;
  if (part === EVERYTHING) return everywhere ? sections.map(({ name }) => name) : [section];
  return [everywhere ? part : `${section}/${part}`];
}

/** Says in a few words what stays: "8 of 9 stems keep every byte." */
export function kept(form: EditForm, stems: Stem[]): string {
  if (!isEdit(form)) return "Choose what to change; everything else keeps every byte.";
  const changesAll = form.bpm.trim() !== "" || form.part === EVERYTHING || form.part === HARMONY;
  if (changesAll || form.tonic !== NOTHING) return "The song you have stays as it is; the edit becomes a song of its own.";
  return `${stems.length - 1} of ${stems.length} stems keep every byte.`;
}
