const STORAGE_KEY = "volume";

/** The volume that was last chosen, 0–1; full where none was. */
export function keptVolume(): number {
  try {
    const kept = Number.parseFloat(window.localStorage.getItem(STORAGE_KEY) ?? "1");
    return kept >= 0 && kept <= 1 ? kept : 1;
  } catch {
    return 1;
  }
}

export function keepVolume(volume: number): void {
  try {
    window.localStorage.setItem(STORAGE_KEY, String(volume));
  } catch {
    // Storage may be forbidden or full; the volume then holds for this take.
  }
}
