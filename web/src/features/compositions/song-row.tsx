"use client";

import { AudioLines, CircleAlert, CircleSlash, Ellipsis, Play } from "lucide-react";
import { useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Spinner } from "@/components/ui/spinner";
import { useJobOf } from "@/features/jobs/jobs-provider";
import { isOver, type JobStatus } from "@/features/jobs/model";
import { FavoriteButton } from "@/features/library/favorite-button";
import { asProblem } from "@/lib/api/problem";
import { cn } from "@/lib/cn";
import { ago, clock, title } from "@/lib/format";

import { useDeleteSong } from "./api";
import { favoriteOf, titleOf, type Song } from "./model";

interface SongRowProps {
  song: Song;
  selected: boolean;
  onSelect: (id: string, play?: boolean) => void;
  onGone: (id: string) => void;
}

/** One song of the list: play it, open it, or delete it. */
export function SongRow({ song, selected, onSelect, onGone }: SongRowProps) {
  const take = favoriteOf(song);
  return (
    <li className={cn("group flex items-center gap-3 rounded-xl p-2 transition-colors", selected ? "bg-surface shadow-sm" : "hover:bg-raised")}>
      <LeadingButton song={song} onPlay={() => onSelect(song.id, true)} />
      <button type="button" onClick={() => onSelect(song.id)} aria-current={selected || undefined} className="min-w-0 flex-1 rounded-md text-left">
        <span className="block truncate text-sm font-medium" dir="auto">{titleOf(song)}</span>
        <span className="block truncate text-xs text-muted" dir="auto" title={song.prompt}>{song.prompt}</span>
        <Facts song={song} />
      </button>
      {take && <FavoriteButton takeId={take.id} name={titleOf(song)} marked={take.favorite} />}
      <RowMenu song={song} onGone={onGone} />
    </li>
  );
}

function Facts({ song }: { song: Song }) {
  const job = useJobOf(song.id);
  const making = job && !isOver(job) ? `${Math.floor(job.progress)} %` : null;
  const facts = [making, song.takes[0] && clock(song.takes[0].seconds), song.style && title(song.style), ago(song.createdAt, Date.now())];
  return <span className="block truncate text-xs text-muted">{facts.filter(Boolean).join(" · ")}</span>;
}

function LeadingButton({ song, onPlay }: { song: Song; onPlay: () => void }) {
  if (song.takes.length) {
    return (
      <Button size="icon" onClick={onPlay} aria-label={`Play ${titleOf(song)}`} className="rounded-full">
        <Play fill="currentColor" aria-hidden />
      </Button>
    );
  }
  const status = title(song.job.status.toLowerCase());
  return (
    <span className="grid size-10 shrink-0 place-items-center rounded-full bg-raised text-muted" title={status}>
      <StatusIcon status={song.job.status} />
      <span className="sr-only">{status}</span>
    </span>
  );
}

function StatusIcon({ status }: { status: JobStatus }) {
  if (status === "FAILED") return <CircleAlert className="size-4 text-danger" aria-hidden />;
  if (status === "CANCELLED") return <CircleSlash className="size-4" aria-hidden />;
  if (status === "COMPLETE") return <AudioLines className="size-4" aria-hidden />;
  return <Spinner />;
}

function RowMenu({ song, onGone }: Pick<SongRowProps, "song" | "onGone">) {
  const [asking, setAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const neighbour = useRef<HTMLElement | null>(null);
  const remove = useDeleteSong(onGone);
  return (
    <>
      <Menu
        trigger={
          <Button ref={opener} variant="quiet" size="icon-sm" aria-label={`More for ${titleOf(song)}`}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => setAsking(true)}>Delete…</MenuItem>
      </Menu>
      <Confirm
        open={asking}
        onOpenChange={(open) => (setAsking(open), remove.reset())}
        title={`Delete “${titleOf(song)}”?`}
        description="The song, its takes and all their files are removed for good."
        action="Delete"
        pending={remove.isPending}
        error={remove.error && asProblem(remove.error).message}
        // From a song that is gone the focus goes to the one beside it.
        returnTo={() => (opener.current?.isConnected ? opener.current : neighbour.current)}
        onConfirm={() => {
          const row = opener.current?.closest("li");
          neighbour.current = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>("[aria-haspopup]") ?? null;
          remove.mutate(song.id, { onSuccess: () => setAsking(false) });
        }}
      />
    </>
  );
}
