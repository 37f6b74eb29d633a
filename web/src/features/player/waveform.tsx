"use client";

import { Slider } from "radix-ui";
import { useEffect, useRef, type KeyboardEvent } from "react";
import WaveSurfer from "wavesurfer.js";

import { clock, spokenTime } from "@/lib/format";

import type { Player } from "./player";
import { usePlaybackTime } from "./time";

const HEIGHT = 96;

interface WaveformProps {
  player: Player | null;
  /** Largest magnitude per stretch, 0–1. */
  peaks: number[];
  duration: number;
}

/**
 * The waveform and the playhead on it.
 *
 * The picture only shows what the player does; a slider over it takes the pointer and the keys, so seeking works the same
 * for the mix and for its stems, for a mouse and for a screen reader.
 */
export function Waveform({ player, peaks, duration }: WaveformProps) {
  const container = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer | null>(null);
  // As far as a step of the playhead can be seen.
  const time = usePlaybackTime(player, Math.max(0.05, duration / 1000));
  const position = useRef(0);
  position.current = time;
  useEffect(() => {
    if (!container.current || !peaks.length || !duration) return;
    const made = draw(container.current, peaks, duration);
    made.setTime(position.current);
    wave.current = made;
    const forget = onThemeChange(() => container.current && made.setOptions(colours(container.current)));
    return () => {
      forget();
      wave.current = null;
      made.destroy();
    };
  }, [peaks, duration]);
  useEffect(() => {
    wave.current?.setTime(time);
  }, [time, peaks]);
  return (
    <div className="relative" style={{ height: HEIGHT }}>
      <div ref={container} aria-hidden className="pointer-events-none" data-testid="waveform" />
      {!peaks.length && <div className="absolute inset-x-0 top-1/2 h-px bg-line" />}
      <Slider.Root
        className="absolute inset-0 flex touch-none items-center"
        value={[Math.min(time, duration)]}
        onValueChange={([next]) => next !== undefined && player?.seek(next)}
        min={0}
        max={duration || 1}
        step={0.05}
      >
        <Slider.Track className="h-full w-full cursor-pointer" />
        <Slider.Thumb
          aria-label="Position"
          aria-valuetext={`${spokenTime(Math.floor(time))} of ${spokenTime(duration)}`}
          title={clock(time)}
          onKeyDown={(event) => onSeekKey(event, player)}
          className="block h-24 w-0.5 rounded bg-accent"
        />
      </Slider.Root>
    </div>
  );
}

/** The arrows move as far on the playhead as anywhere else on the page. */
function onSeekKey(event: KeyboardEvent, player: Player | null): void {
  const steps: Record<string, number> = { ArrowLeft: -5, ArrowRight: 5, PageDown: -15, PageUp: 15 };
  const step = steps[event.key];
  if (event.key === " ") player?.toggle();
  else if (step !== undefined) player?.skip(step);
  else return;
  event.preventDefault();
}

function draw(container: HTMLElement, peaks: number[], duration: number): WaveSurfer {
  return WaveSurfer.create({
    container,
    height: HEIGHT,
    peaks: [peaks],
    duration,
    ...colours(container),
    cursorWidth: 0,
    barWidth: 2,
    barGap: 1,
    barRadius: 2,
    barMinHeight: 1,
    normalize: true,
    interact: false,
    hideScrollbar: true,
  });
}

/** A canvas knows no style sheet: the colours of the theme as the page computes them. */
function colours(container: HTMLElement): { waveColor: string; progressColor: string } {
  const computed = (variable: string) => {
    container.style.color = `var(${variable})`;
    return getComputedStyle(container).color;
  };
  return { waveColor: computed("--wave"), progressColor: computed("--accent") };
}

/** Calls when light becomes dark, by the system or by choice; returns how to stop. */
function onThemeChange(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(listener);
  system.addEventListener("change", listener);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", listener);
    chosen.disconnect();
  };
}
