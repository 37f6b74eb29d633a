"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { trackPlay } from "@/features/library/api";

import { Listening } from "./listening";
import type { Player } from "./player";

/** Tells the studio how long a take was listened to. */
export function useListening(player: Player | null, takeId: string): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!player) return;
    // A play that could not be reported is not worth a complaint.
    const listening = new Listening(player, (seconds) => void trackPlay(client, takeId, seconds).catch(() => undefined));
    const leave = () => listening.finish();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      listening.close();
    };
  }, [player, takeId, client]);
}
