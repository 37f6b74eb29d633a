/** Minutes and seconds, as players write them: 65.4 → "1:05". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Time as a person would say it aloud: 65.4 → "1 minute 5 seconds". */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.round(Number.isFinite(seconds) ? seconds : 0));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  const parts = [hours && count(hours, "hour"), minutes && count(minutes, "minute"), (rest || whole === 0) && count(rest, "second")];
  return parts.filter(Boolean).join(" ");
}

/** How long is left, coarse enough not to flicker: 4 → "a few seconds left", 47 → "about 50 s left". */
export function timeLeft(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds < 5) return "a few seconds left";
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  return `about ${Math.round(seconds / 60)} min left`;
}

/** "1 take", "2 takes". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

const STEPS: [limit: number, seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [7 * 86_400, 86_400, "day"],
];

/** When something happened, seen from `now`: "just now", "5 minutes ago", "yesterday", "3 Mar 2026". */
export function ago(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return "";
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < 60) return "just now";
  for (const [limit, size, unit] of STEPS) {
    if (seconds < limit) {
      return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
    }
  }
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(then);
}

/** A level in decibels with a true minus sign: −14.0. */
export function decibels(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** "electric_piano" → "electric piano"; "verse.1" → "verse 1". */
export function words(id: string): string {
  return id.replace(/[_.]+/g, " ").trim();
}

/** The same with a capital first letter. */
export function title(id: string): string {
  const text = words(id);
  return (text.charAt(0).toUpperCase() + text.slice(1)).replace(/\b(fm|bpm|edm|dj)\b/gi, (word) => word.toUpperCase());
}

/** Sharps and flats as musicians write them: "Bbm7b5" → "B♭m7♭5", "bVI" → "♭VI". */
export function accidentals(symbol: string): string {
  return symbol.replaceAll("#", "♯").replace(/(?<=[A-G])b|b(?=[\dIViv])/g, "♭");
}

/** The size of a file: "11.3 MB", "40 kB", "2.5 GB". */
export function megabytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}
