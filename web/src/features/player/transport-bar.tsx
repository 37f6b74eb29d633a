"use client";

import { Pause, Play, SkipBack, Volume2, VolumeX } from "lucide-react";
import { useRef } from "react";

import { Button } from "@/components/ui/button";
import { Slider } from "@/components/ui/slider";
import { clock } from "@/lib/format";

import type { Player, PlayerState } from "./player";
import { usePlaybackTime } from "./time";

interface TransportProps {
  player: Player | null;
  state: PlayerState;
  duration: number;
}

/** Play and pause, back to the start, the time and the volume. */
export function TransportBar({ player, state, duration }: TransportProps) {
  const time = usePlaybackTime(player, 1);
  return (
    <div className="flex items-center gap-3">
      <Button variant="primary" size="icon-lg" onClick={() => player?.toggle()} disabled={!player} aria-label={state.playing ? "Pause" : "Play"}>
        {state.playing ? <Pause fill="currentColor" aria-hidden /> : <Play fill="currentColor" className="ml-0.5" aria-hidden />}
      </Button>
      <Button variant="quiet" size="icon" onClick={() => player?.seek(0)} disabled={!player} aria-label="Back to the start">
        <SkipBack aria-hidden />
      </Button>
      <p className="text-sm whitespace-nowrap text-muted">
        <span className="text-base font-medium text-ink" data-testid="time">{clock(time)}</span> / {clock(duration)}
      </p>
      <Volume player={player} volume={state.volume} />
    </div>
  );
}

function Volume({ player, volume }: { player: Player | null; volume: number }) {
  const before = useRef(1);
  const toggle = () => {
    if (volume > 0) before.current = volume;
    player?.setVolume(volume > 0 ? 0 : before.current);
  };
  return (
    <div className="ml-auto flex items-center gap-1">
      <Button variant="quiet" size="icon" onClick={toggle} aria-label={volume > 0 ? "Mute" : "Unmute"}>
        {volume > 0 ? <Volume2 aria-hidden /> : <VolumeX aria-hidden />}
      </Button>
      <Slider
        className="w-24 max-sm:hidden"
        label="Volume"
        value={volume}
        onChange={(next) => player?.setVolume(next)}
        min={0}
        max={1}
        step={0.01}
        valueText={`${Math.round(volume * 100)} per cent`}
      />
    </div>
  );
}
