import { useEffect, useState } from "react";

import type { Player } from "./player";

/** The position in seconds, on every frame while it moves; `step` rounds it down so fewer renders follow. */
export function usePlaybackTime(player: Player | null, step = 0): number {
  const [time, setTime] = useState(0);
  useEffect(() => {
    if (!player) return;
    let frame = 0;
    const tick = () => {
      const now = player.time;
      setTime(step ? Math.floor(now / step) * step : now);
      frame = requestAnimationFrame(tick);
    };
    tick();
    return () => cancelAnimationFrame(frame);
  }, [player, step]);
  return time;
}
