"use client";

import { Download, Play } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Loading } from "@/components/ui/spinner";
import { titleOf } from "@/features/compositions/model";
import { asProblem } from "@/lib/api/problem";
import { ago, clock, count, title } from "@/lib/format";

import { usePopular } from "./api";
import { FavoriteButton } from "./favorite-button";
import type { Record } from "./model";

interface PopularViewProps {
  onOpen: (id: string, play?: boolean, take?: number) => void;
}

/** What is played most: the listener's own songs and what others let everyone hear. */
export function PopularView({ onOpen }: PopularViewProps) {
  const popular = usePopular();
  const most = popular.data?.[0]?.plays ?? 1;
  return (
    <section aria-labelledby="popular-title">
      <h1 id="popular-title" className="text-2xl font-semibold tracking-tight">Popular</h1>
      <p className="mt-1 mb-5 text-sm text-muted">The takes that were played most.</p>
      {popular.isPending && <Loading />}
      {popular.isError && (
        <div role="alert" className="mb-4 text-sm text-danger">
          <p>{asProblem(popular.error).message}</p>
          <Button size="sm" className="mt-2" onClick={() => void popular.refetch()}>Try again</Button>
        </div>
      )}
      {popular.data?.length === 0 && <p className="text-sm text-muted">Nothing was played yet. Press play on a song, and it counts here.</p>}
      <ol className="flex flex-col gap-1">
        {popular.data?.map((record, index) => (
          <PopularRow key={record.id} record={record} place={index + 1} share={record.plays / most} onOpen={onOpen} />
        ))}
      </ol>
    </section>
  );
}

function PopularRow({ record, place, share, onOpen }: { record: Record; place: number; share: number } & PopularViewProps) {
  const facts = [record.number > 1 && `Take ${record.number}`, record.genre && title(record.genre), clock(record.seconds), record.lastPlayed && `played ${ago(record.lastPlayed, Date.now())}`];
  return (
    <li className="flex items-center gap-3 rounded-xl p-2 hover:bg-raised">
      <span className="w-6 shrink-0 text-right text-sm text-muted max-sm:w-4" aria-hidden>{place}</span>
      <Button size="icon" className="rounded-full" aria-label={`Play ${titleOf(record)}`} onClick={() => onOpen(record.compositionId, true, record.number)}>
        <Play fill="currentColor" aria-hidden />
      </Button>
      <button type="button" onClick={() => onOpen(record.compositionId, false, record.number)} className="min-w-0 flex-1 rounded-md text-left">
        <span className="block truncate text-sm font-medium" dir="auto">{titleOf(record)}</span>
        <span className="block truncate text-xs text-muted">{facts.filter(Boolean).join(" · ")}</span>
        <span className="mt-1.5 block h-1 rounded-full bg-accent" style={{ width: `${Math.max(2, 100 * share)}%` }} aria-hidden />
      </button>
      <span className="flex w-16 shrink-0 flex-col items-end text-xs whitespace-nowrap text-muted sm:w-28">
        <span className="text-sm font-medium text-ink">{count(record.plays, "play")}</span>
        {record.downloads > 0 && (
          <span className="flex items-center gap-1 max-sm:hidden"><Download className="size-3" aria-hidden /> {count(record.downloads, "download")}</span>
        )}
      </span>
      <FavoriteButton takeId={record.id} name={titleOf(record)} marked={record.favorite} />
    </li>
  );
}
