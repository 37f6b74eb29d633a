"use client";

import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from "react";

import type { Take } from "@/features/takes/model";

import { MediaEngine } from "./engine";
import { fetchLoudness } from "./loudness";
import { Player, type PlayerState } from "./player";
import { StemEngine } from "./stem-engine";
import { keepVolume, keptVolume } from "./volume";

export interface TakePlayer {
  audio: RefObject<HTMLAudioElement | null>;
  player: Player | null;
  /** Each stem's sound, to draw it, once the stems are decoded. */
  peaks: StemEngine["peaks"] | null;
}

/** A player for one take, bound to the audio element that `audio` is given to. */
export function useTakePlayer(take: Take): TakePlayer {
  const audio = useRef<HTMLAudioElement>(null);
  const [player, setPlayer] = useState<Player | null>(null);
  const [peaks, setPeaks] = useState<TakePlayer["peaks"]>(null);
  // Takes never change, but are fetched again: the same id is the same take.
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const { stems: sources, seconds, streamUrl } = latest.current;
    if (!audio.current) return;
    const made = new Player(new MediaEngine(audio.current), sources.map((stem) => stem.name), async (onReady, signal) => {
      // Without the finished mix's level the stems simply play as loud as they are.
      const loudness = await fetchLoudness(streamUrl, signal).catch(() => 0);
      const engine = await StemEngine.load(sources, seconds, loudness, onReady, signal);
      setPeaks(engine.peaks);
      return engine;
    });
    made.setVolume(keptVolume());
    const forget = made.subscribe(() => keepVolume(made.snapshot().volume));
    setPlayer(made);
    return () => {
      forget();
      made.close();
      setPeaks(null);
    };
  }, [take.id]);
  return { audio, player, peaks };
}

const STOPPED: PlayerState = { playing: false, duration: 0, volume: 1, mixer: {}, stems: "off", stemsReady: 0, stemsError: null, error: null };
const nothing = () => () => undefined;

/** The state of a player, followed. */
export function usePlayerState(player: Player | null): PlayerState {
  return useSyncExternalStore(player?.subscribe ?? nothing, player?.snapshot ?? (() => STOPPED), () => STOPPED);
}
