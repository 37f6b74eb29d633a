import { useCallback, useSyncExternalStore } from "react";

import type { Player } from "./player";

/** Milliseconds between two looks at a position that moves: as often as an eye needs, a third as often as frames come. */
const LOOK_MS = 50;

/**
 * What `read` makes of the position in seconds. It is looked at while the player plays and whenever it jumps, never while
 * it rests or nobody sees the page, and only another value renders again: read as coarsely as it is shown.
 */
export function usePlayback<Value extends number | string>(player: Player | null, read: (time: number) => Value): Value {
  const subscribe = useCallback((listener: () => void) => (player ? watch(player, listener) : () => undefined), [player]);
  return useSyncExternalStore(subscribe, () => read(player?.time ?? 0), () => read(0));
}

/** The position in whole steps of `step` seconds, rounded down. */
export function usePlaybackTime(player: Player | null, step: number): number {
  return usePlayback(player, (time) => Math.floor(time / step) * step);
}

/** Where in `spans` the position lies, -1 where in none; of several that overlap, the last that began. */
export function useSpanAt(player: Player | null, spans: readonly { start: number; end: number }[]): number {
  return usePlayback(player, (time) => spans.findLastIndex(({ start, end }) => time >= start && time < end));
}

function watch(player: Pick<Player, "snapshot" | "subscribe">, listener: () => void): () => void {
  let looking: ReturnType<typeof setInterval> | undefined;
  const look = () => {
    if (!document.hidden) listener();
  };
  const follow = () => {
    const { playing } = player.snapshot();
    if (playing) looking ??= setInterval(look, LOOK_MS);
    else {
      clearInterval(looking);
      looking = undefined;
    }
    listener();
  };
  const unsubscribe = player.subscribe(follow);
  follow();
  return () => {
    unsubscribe();
    clearInterval(looking);
  };
}
