"use client";

import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import type { Take } from "@/features/takes/model";
import { count } from "@/lib/format";

import { isTouched } from "./mixer";
import type { Player, PlayerState } from "./player";
import type { StemEngine } from "./stem-engine";
import { StemRow } from "./stem-row";

interface StemsViewProps {
  take: Take;
  player: Player | null;
  state: PlayerState;
  /** Each stem's sound, once it is decoded. */
  peaks: StemEngine["peaks"] | null;
  /** Asks to make a stem anew; null where it may not be. */
  onEdit: ((stem: string) => void) | null;
}

/** The song's stems as a small mixing desk. */
export function StemsView({ take, player, state, peaks, onEdit }: StemsViewProps) {
  if (!take.stems.length) return <p className="text-sm text-muted">This take has no stems.</p>;
  const anySolo = Object.values(state.mixer).some((strip) => strip.solo);
  return (
    <div>
      <StemsStatus take={take} player={player} state={state} />
      <ul aria-label="Stems" className="mt-4 divide-y divide-line border-y border-line">
        {take.stems.map((stem) => (
          <StemRow
            key={stem.name}
            stem={stem}
            strip={state.mixer[stem.name] ?? { muted: false, solo: false, gainDb: 0 }}
            anySolo={anySolo}
            player={player}
            onEdit={onEdit && (() => onEdit(stem.name))}
            peaks={peaks?.get(stem.name)}
          />
        ))}
      </ul>
    </div>
  );
}

function StemsStatus({ take, player, state }: Omit<StemsViewProps, "peaks" | "onEdit">) {
  return (
    <div className="flex min-h-8 flex-wrap items-center justify-between gap-3">
      <p role="status" className="flex items-center gap-2 text-sm text-muted">
        {state.stems === "loading" && <Spinner />}
        {statusText(take, state)}
      </p>
      <div className="flex gap-2">
        {state.stems === "on" && isTouched(state.mixer) && (
          <Button size="sm" variant="quiet" onClick={() => player?.move({ type: "reset" })}>
            Reset faders
          </Button>
        )}
        {state.stems === "on" && (
          <Button size="sm" onClick={() => player?.useSong()}>
            Back to the finished mix
          </Button>
        )}
        {(state.stems === "off" || state.stems === "failed") && (
          <Button size="sm" onClick={() => void player?.useStems()}>
            Load stems
          </Button>
        )}
      </div>
    </div>
  );
}

function statusText(take: Take, state: PlayerState): string {
  if (state.stems === "loading") return `Loading stems, ${state.stemsReady} of ${take.stems.length}`;
  if (state.stems === "failed") return state.stemsError ?? "The stems could not be loaded.";
  if (state.stems === "on") return "You hear the stems, before mastering.";
  return `${count(take.stems.length, "stem")}. Mute, solo or move a fader to mix them yourself.`;
}
