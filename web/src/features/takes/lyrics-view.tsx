"use client";

import type { Player } from "@/features/player/player";
import { useSpanAt } from "@/features/player/time";
import { cn } from "@/lib/cn";
import { clock } from "@/lib/format";

import type { LyricLine } from "./model";

/** What is not sung, and the sung lines, the present one lit; pressing a line goes there. */
export function LyricsView({ lines, notes, player }: { lines: LyricLine[]; notes: string[]; player: Player | null }) {
  return (
    <>
      {notes.map((note) => (
        <p key={note} className="mb-2 px-2 text-sm text-muted">{note}</p>
      ))}
      <SungLines lines={lines} player={player} />
    </>
  );
}

function SungLines({ lines, player }: { lines: LyricLine[]; player: Player | null }) {
  const present = useSpanAt(player, lines);
  return (
    <ol className="flex flex-col gap-0.5">
      {lines.map(({ text, start }, at) => {
        const here = at === present;
        return (
          <li key={start}>
            <button
              type="button"
              onClick={() => player?.seek(start)}
              aria-current={here || undefined}
              className={cn("flex w-full gap-4 rounded-md px-2 py-1 text-left hover:bg-raised", here ? "font-medium text-accent" : "text-ink")}
            >
              <span className="w-10 shrink-0 text-sm text-muted">{clock(start)}</span> <span dir="auto">{text}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
