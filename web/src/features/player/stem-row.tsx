"use client";

import { PencilLine } from "lucide-react";
import { Toggle } from "radix-ui";
import { useMemo } from "react";

import { Button } from "@/components/ui/button";
import { Slider } from "@/components/ui/slider";
import type { Stem } from "@/features/takes/model";
import { cn } from "@/lib/cn";
import { decibels, title } from "@/lib/format";

import { GAIN_DB, type Strip } from "./mixer";
import type { Player } from "./player";
import { PEAKS } from "./stem-engine";

interface StemRowProps {
  stem: Stem;
  strip: Strip;
  anySolo: boolean;
  player: Player | null;
  peaks: Float32Array | undefined;
  onEdit: (() => void) | null;
}

/** One stem: what it is, mute, solo, fader, and its sound drawn once it is decoded. */
export function StemRow({ stem, strip, anySolo, player, peaks, onEdit }: StemRowProps) {
  const name = title(stem.name);
  const silent = strip.muted || (anySolo && !strip.solo);
  return (
    <li data-testid={`stem-${stem.name}`} data-silent={silent} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 py-3 md:grid-cols-[10rem_auto_minmax(0,1fr)_9.5rem] xl:grid-cols-[10rem_auto_minmax(0,1fr)_5rem_9.5rem]">
      <div className="min-w-0">
        <p className={cn("truncate text-sm font-medium transition-colors", silent && "text-muted line-through decoration-edge")}>{name}</p>
        <p className="truncate text-xs text-muted">{title(stem.instrument)}<span className="md:hidden"> · {level(stem)}</span></p>
      </div>
      <div className="flex gap-1.5">
        <StripButton letter="M" label={`Mute ${name}`} pressed={strip.muted} onPress={() => player?.move({ type: "mute", stem: stem.name })} />
        <StripButton letter="S" label={`Solo ${name}`} pressed={strip.solo} onPress={() => player?.move({ type: "solo", stem: stem.name })} />
        {onEdit && (
          <Button variant="quiet" size="icon-sm" aria-label={`Edit ${name}`} title={`Edit ${name}`} onClick={onEdit}>
            <PencilLine aria-hidden />
          </Button>
        )}
      </div>
      <div className="max-md:hidden">
        <StemWave peaks={peaks} silent={silent} />
      </div>
      <p className="text-right text-xs whitespace-nowrap text-muted max-xl:hidden">{level(stem)}</p>
      <div className="flex items-center gap-3 max-md:col-span-2">
        <Slider
          label={`Level of ${name}`}
          value={strip.gainDb}
          onChange={(gainDb) => player?.move({ type: "gain", stem: stem.name, gainDb })}
          {...GAIN_DB}
          step={0.5}
          valueText={gainText(strip.gainDb)}
        />
        <span className="w-14 shrink-0 text-right text-xs whitespace-nowrap text-muted">{gainText(strip.gainDb)}</span>
      </div>
    </li>
  );
}

function level({ lufs }: Stem): string {
  return `${decibels(lufs)} LUFS`;
}

function gainText(gainDb: number): string {
  if (gainDb <= GAIN_DB.min) return "Silent";
  return `${gainDb > 0 ? "+" : ""}${decibels(gainDb)} dB`;
}

interface StripButtonProps {
  letter: string;
  label: string;
  pressed: boolean;
  onPress: () => void;
}

function StripButton({ letter, label, pressed, onPress }: StripButtonProps) {
  return (
    <Toggle.Root
      pressed={pressed}
      onPressedChange={onPress}
      aria-label={label}
      title={label}
      className="grid size-8 place-items-center rounded-md border border-line bg-surface text-xs font-semibold text-muted transition-colors hover:text-ink data-[state=on]:border-accent data-[state=on]:bg-accent data-[state=on]:text-on-accent"
    >
      {letter}
    </Toggle.Root>
  );
}

function StemWave({ peaks, silent }: { peaks: Float32Array | undefined; silent: boolean }) {
  const path = useMemo(() => (peaks ? outlinePath(peaks) : `M0 0.5H${PEAKS}`), [peaks]);
  return (
    <svg viewBox={`0 0 ${PEAKS} 1`} preserveAspectRatio="none" className={cn("h-8 w-full text-wave transition-opacity", silent && "opacity-40")} aria-hidden>
      <path d={path} stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" fill="none" />
    </svg>
  );
}

/** Upright strokes, one per slice; their height is the root of the peak, so that quiet stems can be told apart. */
function outlinePath(peaks: Float32Array): string {
  const half = (peak: number) => Math.max(0.01, Math.sqrt(Math.min(1, peak)) / 2);
  return [...peaks].map((peak, at) => `M${at + 0.5} ${0.5 - half(peak)}V${0.5 + half(peak)}`).join("");
}
