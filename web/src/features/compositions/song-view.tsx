"use client";

import { CornerUpLeft, GitBranch } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Badge } from "@/components/ui/chip";
import { Segmented } from "@/components/ui/segmented";
import { Loading } from "@/components/ui/spinner";
import { JobCard } from "@/features/jobs/job-card";
import { useJobOf } from "@/features/jobs/jobs-provider";
import { FavoriteButton } from "@/features/library/favorite-button";
import { DownloadsMenu } from "@/features/takes/downloads-menu";
import { TakePanel } from "@/features/takes/take-panel";
import { asProblem } from "@/lib/api/problem";
import { clock, title } from "@/lib/format";

import { useMakeSong, useSong } from "./api";
import { fromRequest, type SongForm } from "./form";
import type { Song } from "./model";
import { SongTitle } from "./song-title";
import { UnderstandingView } from "./understanding-view";

interface SongViewProps {
  id: string;
  autoPlay: boolean;
  onAutoPlayed: () => void;
  /** Put the song's request back into the form. */
  onReuse: (form: SongForm) => void;
  onMade: (id: string) => void;
  onClose: () => void;
}

/** The song that is open: being made, finished, or failed. */
export function SongView(props: SongViewProps) {
  const song = useSong(props.id);
  if (song.isPending) return <Loading label="Opening the song" />;
  if (song.isError) return <Missing message={asProblem(song.error).message} onClose={props.onClose} />;
  return <OpenSong song={song.data} {...props} />;
}

function Missing({ message, onClose }: { message: string; onClose: () => void }) {
  return (
    <section role="alert" className="rounded-2xl border border-line bg-surface p-6">
      <h1 className="text-lg font-semibold">This song cannot be opened</h1>
      <p className="mt-1 text-sm text-muted">{message}</p>
      <Button className="mt-4" onClick={onClose}>Back</Button>
    </section>
  );
}

function OpenSong({ song, autoPlay, onAutoPlayed, onReuse, onMade }: SongViewProps & { song: Song }) {
  const job = useJobOf(song.id) ?? song.job;
  const again = useMakeSong(onMade);
  const [number, setNumber] = useState(1);
  const take = song.takes.find((one) => one.number === number) ?? song.takes[0];
  const form = fromRequest(song.request, song.wanted);
  const understanding = <UnderstandingView promptId={song.promptId} />;
  return (
    <article aria-label={song.title}>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <SongTitle song={song} />
        {take && (
          <div className="flex items-center gap-2">
            <FavoriteButton takeId={take.id} name={song.title} marked={take.favorite} size="icon" />
            <DownloadsMenu take={take} />
          </div>
        )}
      </header>
      <Facts song={song} />
      {song.parentId && <Origin parentId={song.parentId} onOpen={onMade} />}
      <div className="mt-3 flex items-start gap-2">
        <p className="line-clamp-3 min-w-0 text-sm break-words text-muted">{song.prompt}</p>
        <Button variant="quiet" size="sm" className="-mt-1" onClick={() => onReuse(form)}>
          <CornerUpLeft aria-hidden /> Reuse
        </Button>
      </div>
      {song.takes.length > 1 && <TakePicker song={song} number={take?.number ?? 1} onChange={setNumber} />}
      <div className="mt-5">
        {take ? (
          <TakePanel key={take.id} take={take} songKey={song.key} autoPlay={autoPlay} onAutoPlayed={onAutoPlayed} onEdited={onMade} understanding={understanding} />
        ) : (
          <>
            {job.status === "COMPLETE" && <Loading label="Opening the takes" />}
            <JobCard job={job} wanted={song.wanted} onRetry={() => again.mutate(form)} />
            {again.isError && <p role="alert" className="mt-3 text-sm text-danger">{asProblem(again.error).message}</p>}
            <section aria-labelledby="reading-title" className="mt-8">
              <h2 id="reading-title" className="mb-3 text-sm font-semibold">How your words were understood</h2>
              {understanding}
            </section>
          </>
        )}
      </div>
    </article>
  );
}

function Facts({ song }: { song: Song }) {
  const length = song.takes[0] && clock(song.takes[0].seconds);
  const facts = [song.style && title(song.style), ...song.facts, length].filter((fact) => typeof fact === "string" && fact);
  if (!facts.length) return null;
  return (
    <ul aria-label="Facts" className="mt-2 flex flex-wrap gap-1.5">
      {facts.map((fact) => (
        <li key={fact as string}>
          <Badge>{fact}</Badge>
        </li>
      ))}
    </ul>
  );
}

function Origin({ parentId, onOpen }: { parentId: string; onOpen: (id: string) => void }) {
  return (
    <p className="mt-2 flex items-center gap-1 text-sm text-muted">
      An edit of another song.
      <Button variant="quiet" size="sm" onClick={() => onOpen(parentId)}>
        <GitBranch aria-hidden /> Open the song it was made from
      </Button>
    </p>
  );
}

function TakePicker({ song, number, onChange }: { song: Song; number: number; onChange: (number: number) => void }) {
  const options = song.takes.map((take) => ({ value: String(take.number), label: `Take ${take.number}` }));
  return (
    <Segmented className="mt-5 max-w-md" label="Take" value={String(number)} onChange={(value) => onChange(Number(value))} options={options} />
  );
}
