"use client";

import type { Outline } from "@/features/takes/model";
import { cn } from "@/lib/cn";
import { accidentals, clock, title } from "@/lib/format";

import type { Player } from "./player";
import { usePlayback, useSpanAt } from "./time";

interface StripProps {
  outline: Outline;
  duration: number;
  player: Player | null;
}

/** The sections above the waveform: where each lies, and a way to jump there. */
export function SectionStrip({ outline, duration, player }: StripProps) {
  const present = useSpanAt(player, outline.sections);
  return (
    <div role="group" aria-label="Sections" className="relative h-7">
      {outline.sections.map(({ name, start, end, energy }, at) => {
        const here = at === present;
        const label = sectionName(name, outline);
        return (
          <button
            key={name}
            type="button"
            title={`${label}, ${clock(start)}`}
            aria-label={`Go to ${label} at ${clock(start)}`}
            aria-current={here || undefined}
            onClick={() => player?.seek(start)}
            style={place(start, end, duration)}
            className={cn(
              "absolute inset-y-0 overflow-hidden rounded-md px-1.5 text-left text-xs text-ellipsis whitespace-nowrap transition-colors",
              here ? "bg-wash font-medium text-accent" : "bg-raised text-muted hover:text-ink",
            )}
          >
            {label}
            <span aria-hidden className="absolute inset-x-0 bottom-0 h-0.5 bg-current opacity-60" style={{ transform: `scaleX(${energy})`, transformOrigin: "left" }} />
          </button>
        );
      })}
    </div>
  );
}

/** The chords that fit under the waveform, the sounding one lit. */
export function ChordStrip({ outline, player }: Omit<StripProps, "duration">) {
  const now = outline.chords[useSpanAt(player, outline.chords)];
  const next = usePlayback(player, (time) => outline.chords.findIndex(({ start }) => start > time));
  return (
    <div className="mt-1 flex items-center gap-3">
      <p className="w-36 shrink-0 truncate text-lg font-semibold" data-testid="chord">
        <span className="sr-only">Chord now: </span>
        {now ? accidentals(now.symbol) : "–"}
        {now && <span className="ml-1.5 text-xs font-normal text-muted">{accidentals(now.roman)}</span>}
      </p>
      <ol aria-label="Chords to come" className="flex min-w-0 flex-1 gap-1 overflow-hidden">
        {next >= 0 && outline.chords.slice(next, next + 12).map((chord) => (
          <li key={chord.start} className="shrink-0 rounded bg-raised px-1.5 py-0.5 text-xs text-muted">
            {accidentals(chord.symbol)}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** "verse.2" is Verse 2, but an only "intro.1" is just Intro. */
function sectionName(name: string, { sections }: Outline): string {
  const kind = name.split(".")[0] ?? name;
  const only = sections.filter((section) => section.name.split(".")[0] === kind).length === 1;
  return title(only ? kind : name);
}

function place(start: number, end: number, duration: number): { left: string; width: string } {
  const whole = duration || 1;
  return { left: `${(start / whole) * 100}%`, width: `calc(${((Math.min(end, whole) - start) / whole) * 100}% - 2px)` };
}
