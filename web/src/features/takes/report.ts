import { decibels, title, words } from "@/lib/format";

import type { Report } from "./model";

export interface Row {
  name: string;
  asked: unknown;
  measured: unknown;
}

/** Every value that was asked or measured, the asked ones first. */
export function reportRows({ asked, measured }: Report): Row[] {
  const names = [...new Set([...Object.keys(asked), ...Object.keys(measured)])];
  const rows = names.map((name) => ({ name, asked: asked[name] ?? null, measured: measured[name] ?? null }));
  return rows.filter((row) => !isEmpty(row.asked) || !isEmpty(row.measured));
}

/** Key, tempo and metre that a take was made in, in words; what it was not told is left out. */
export function takeFacts({ asked }: Pick<Report, "asked">): string[] {
  const { tempo, time_signature: metre } = asked;
  const facts = [takeKey({ asked }), typeof tempo === "number" ? `${Math.round(tempo)} BPM` : null, metre];
  return facts.filter((fact): fact is string => typeof fact === "string" && fact !== "");
}

/** The key that a take was made in, "Eb major"; null where it was not told. */
export function takeKey({ asked }: Pick<Report, "asked">): string | null {
  return typeof asked.key === "string" ? asked.key : null;
}

/** Where the figure itself stands in a measurement that comes with its particulars. */
const HEADLINES = ["bpm", "key", "value", "seconds"];

/** A measured value in words, and apart from it what else was measured on the way. */
export function measurement(value: unknown): { figure: string; particulars: string } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { figure: plain(value), particulars: "" };
  const entries = Object.entries(value);
  const main = entries.find(([name]) => HEADLINES.includes(name));
  if (!main) return { figure: plain(value), particulars: "" };
  const rest = entries.filter((entry) => entry !== main);
  return { figure: plain(main[1]), particulars: rest.map(([name, item]) => `${words(name)} ${plain(item)}`).join(", ") };
}

const NAMES: Record<string, string> = {
  bpm: "Tempo (BPM)",
  tempo: "Tempo (BPM)",
  duration_seconds: "Length (s)",
  time_signature: "Metre",
  energy_spearman: "Energy curve (Spearman)",
  energy: "Energy by section",
  stems_null_dbfs: "Stems against mix (dBFS)",
};

const UNITS: [suffix: string, unit: string][] = [["_lufs", "LUFS"], ["_dbtp", "dBTP"], ["_dbfs", "dBFS"], ["_seconds", "s"], ["_db", "dB"], ["_hz", "Hz"]];

/** A value's name for people, its unit in brackets: "true_peak_dbtp" → "True peak (dBTP)". */
export function valueName(name: string): string {
  const known = NAMES[name];
  if (known) return known;
  const unit = UNITS.find(([suffix]) => name.endsWith(suffix));
  return unit ? `${title(name.slice(0, -unit[0].length))} (${unit[1]})` : title(name);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** A JSON value in words: at most three decimals, lists with commas, nothing as a dash. */
export function plain(value: unknown): string {
  if (isEmpty(value) || value === undefined) return "–";
  if (typeof value === "number") return decibels(value, Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 3 : 2).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object" && value) {
    return Object.entries(value).map(([name, item]) => `${words(name)} ${plain(item)}`).join(", ");
  }
  return String(value).replaceAll("_", " ");
}
