"use client";

import { Button } from "@/components/ui/button";
import { Loading } from "@/components/ui/spinner";
import { asProblem } from "@/lib/api/problem";

import { useRecentSongs } from "./api";
import { SongRow } from "./song-row";

interface RecentListProps {
  selected: string | null;
  onSelect: (id: string, play?: boolean) => void;
  onGone: (id: string) => void;
}

/** The songs made lately, newest first. */
export function RecentList({ selected, onSelect, onGone }: RecentListProps) {
  const recent = useRecentSongs();
  return (
    <section aria-labelledby="recent-title">
      <h2 id="recent-title" className="mb-3 text-sm font-semibold">Recent songs</h2>
      {recent.isPending && <Loading />}
      {recent.isError && (
        <div role="alert" className="text-sm text-danger">
          <p>{asProblem(recent.error).message}</p>
          <Button size="sm" className="mt-2" onClick={() => void recent.refetch()}>Try again</Button>
        </div>
      )}
      {recent.data?.length === 0 && <p className="text-sm text-muted">Songs you make are kept here, ready to play, edit and download.</p>}
      {!!recent.data?.length && (
        <ul className="flex flex-col gap-1">
          {recent.data.map((song) => (
            <SongRow key={song.id} song={song} selected={song.id === selected} onSelect={onSelect} onGone={onGone} />
          ))}
        </ul>
      )}
    </section>
  );
}
