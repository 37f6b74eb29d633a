import { decibels, words } from "@/lib/format";

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
