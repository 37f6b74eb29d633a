/** One day's figures, in UTC. */
export interface Day {
  date: string;
  successful: number;
  failed: number;
  generationSeconds: number | null;
  realtimeFactor: number | null;
  plays: number;
  downloads: number;
  cpu: number | null;
  memory: number | null;
  gpu: number | null;
}

/** Figures over a number of days. */
export interface Stats {
  successful: number;
  failed: number;
  successRate: number | null;
  generationSeconds: number | null;
  realtimeFactor: number | null;
  audioSeconds: number;
  megabytes: number;
  plays: number;
  playSeconds: number;
  downloads: number;
  days: Day[];
  genres: { name: string; count: number }[];
}

/** Days that fit into a chart before several are drawn as one. */
const COLUMNS = 60;

/** A column of a chart: the days it stands for, and a value of each of its layers; null where there is none. */
export interface Column {
  label: string;
  values: (number | null)[];
}

/** How the days of one column become one value: sums add up, levels are averaged over the days that have one. */
export type Gather = "sum" | "mean";

/** The columns of a chart over `days`: one a day, or of several days each where there are many. */
export function columns(days: readonly Day[], layers: readonly ((day: Day) => number | null)[], gather: Gather): Column[] {
  const width = Math.max(1, Math.ceil(days.length / COLUMNS));
  const made: Column[] = [];
  for (let start = 0; start < days.length; start += width) {
    const part = days.slice(start, start + width);
    made.push({ label: span(part), values: layers.map((layer) => gathered(part.map(layer), gather)) });
  }
  return made;
}

function gathered(values: (number | null)[], gather: Gather): number | null {
  const known = values.filter((value) => value !== null);
  if (!known.length) return null;
  const sum = known.reduce((total, value) => total + value, 0);
  return gather === "sum" ? sum : sum / known.length;
}

function span(days: readonly Day[]): string {
  const [first, last] = [days[0]!, days.at(-1)!];
  return first === last ? dayName(first.date) : `${dayName(first.date)} – ${dayName(last.date)}`;
}

/** "2026-03-01" → "1 Mar". */
export function dayName(date: string): string {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(`${date}T00:00:00Z`));
}

/** A round number at or above `value`, for the top of an axis: 1, 2 or 5 times a power of ten. */
export function ceiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value * (1 - 1e-9))!;
}
