import { decibels, title, words } from "@/lib/format";

import type { Report } from "./model";

interface Row {
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

const NAMES: Record<string, string> = {
  bpm: "Tempo (BPM)",
  duration_seconds: "Length (s)",
  time_signature: "Metre",
  energy_spearman: "Energy curve (Spearman)",
  energy: "Energy curve",
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
