"use client";

import { CornerUpLeft, GitBranch } from "lucide-react";
import { useState, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Badge } from "@/components/ui/chip";
import { Segmented } from "@/components/ui/segmented";
import { Loading } from "@/components/ui/spinner";
import { useIsMine } from "@/features/accounts/api";
import { JobCard } from "@/features/jobs/job-card";
import { useJobOf } from "@/features/jobs/jobs-provider";
import { isOver, type Job } from "@/features/jobs/model";
import { FavoriteButton } from "@/features/library/favorite-button";
import { useTakeDetails } from "@/features/takes/api";
import { DownloadsMenu } from "@/features/takes/downloads-menu";
import { PageTitle } from "@/features/studio/page-title";
import type { Take } from "@/features/takes/model";
import { takeFacts } from "@/features/takes/report";
import { TakePanel, type TakeTab } from "@/features/takes/take-panel";
import { asProblem, type Problem } from "@/lib/api/problem";
import { cn } from "@/lib/cn";
import { accidentals, clock, title } from "@/lib/format";

import { useMakeSong, useSong } from "./api";
import { fromRequest, type SongForm } from "./form";
import { titleOf, type Song } from "./model";
import { PublicButton } from "./public-button";
import { SongTitle } from "./song-title";
import { UnderstandingView } from "./understanding-view";

interface SongViewProps {
  id: string;
  /** Number of the take that is open. */
  take: number;
  onTake: (number: number) => void;
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
  const problem = song.error && asProblem(song.error);
  // What is known and plays goes on, though the studio is away for a moment; what was deleted does not.
  if (song.data && problem?.status !== 404) return <OpenSong song={song.data} {...props} />;
  if (problem) return <Missing problem={problem} onRetry={() => void song.refetch()} onClose={props.onClose} />;
  return (
    <>
      <PageTitle />
      <Loading label="Opening the song" />
    </>
  );
}

function Missing({ problem, onRetry, onClose }: { problem: Problem; onRetry: () => void; onClose: () => void }) {
  return (
    <section role="alert" className="rounded-2xl border border-line bg-surface p-6">
      <PageTitle />
      <h1 className="text-lg font-semibold">This song cannot be opened</h1>
      <p className="mt-1 text-sm text-muted">{problem.message}</p>
      <div className="mt-4 flex gap-2">
        {problem.status !== 404 && <Button onClick={onRetry}>Try again</Button>}
        <Button onClick={onClose}>Back</Button>
      </div>
    </section>
  );
}

function OpenSong({ song, take: number, onTake, ...props }: SongViewProps & { song: Song }) {
  const job = useJobOf(song.id) ?? song.job;
  const mine = useIsMine(song.ownerId);
  const [tab, setTab] = useState<TakeTab>("stems");
  const take = song.takes.find((one) => one.number === number) ?? song.takes[0];
  const understanding = <UnderstandingView promptId={song.promptId} />;
  return (
    <article aria-label={titleOf(song)}>
      <PageTitle text={`${isOver(job) ? "" : `${Math.floor(job.progress)} % · `}${titleOf(song)}`} />
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <SongTitle song={song} mine={mine} />
        {take && (
          <div className="flex flex-wrap items-center gap-2">
            <FavoriteButton takeId={take.id} name={titleOf(song)} marked={take.favorite} size="icon" />
            <PublicButton song={song} />
            <DownloadsMenu take={take} />
          </div>
        )}
      </header>
      <Facts song={song} take={take} />
      {song.parentId && <Origin parentId={song.parentId} onOpen={props.onMade} />}
      <PromptLine text={song.prompt} onReuse={() => props.onReuse(fromRequest(song.request, song.wanted))} />
      {song.takes.length > 1 && <TakePicker song={song} number={take?.number ?? 1} onChange={onTake} />}
      <div className="mt-5">
        {take ? (
          <TakePanel key={take.id} take={take} songKey={song.key} editable={mine} tab={tab} onTab={setTab} autoPlay={props.autoPlay} onAutoPlayed={props.onAutoPlayed} onEdited={props.onMade} understanding={understanding} />
        ) : (
          <Making song={song} job={job} onMade={props.onMade} understanding={understanding} />
        )}
      </div>
    </article>
  );
}

function Making({ song, job, onMade, understanding }: { song: Song; job: Job; onMade: (id: string) => void; understanding: ReactNode }) {
  const again = useMakeSong(onMade);
  // An edit starts from a finished song, which its request does not say.
  const retry = song.isEdit ? null : () => again.mutate(fromRequest(song.request, song.wanted));
  return (
    <>
      {job.status === "COMPLETE" && <Loading label="Opening the takes" />}
      <JobCard job={job} wanted={song.wanted} onRetry={retry} retrying={again.isPending} />
      {again.isError && <p role="alert" className="mt-3 text-sm text-danger">{asProblem(again.error).message}</p>}
      <section aria-labelledby="reading-title" className="mt-8">
        <h2 id="reading-title" className="mb-3 text-sm font-semibold">How your words were understood</h2>
        {understanding}
      </section>
    </>
  );
}

/** Letters from which on a prompt may be longer than the three lines it is given. */
const LONG_PROMPT = 160;

function PromptLine({ text, onReuse }: { text: string; onReuse: () => void }) {
  const [whole, setWhole] = useState(false);
  const long = text.length > LONG_PROMPT || text.includes("\n");
  return (
    <div className="mt-3 flex items-start gap-2">
      <div className="min-w-0 text-sm text-muted">
        <p dir="auto" className={cn("break-words", whole ? "whitespace-pre-line [unicode-bidi:plaintext]" : "line-clamp-3")}>{text}</p>
        {long && (
          <button type="button" aria-expanded={whole} onClick={() => setWhole(!whole)} className="mt-1 rounded font-medium hover:text-ink">
            {whole ? "Show less" : "Show the whole prompt"}
          </button>
        )}
      </div>
      <Button variant="quiet" size="sm" className="-mt-1" onClick={onReuse}>
        <CornerUpLeft aria-hidden /> Reuse
      </Button>
    </div>
  );
}

/** Style, key, tempo, metre and length of the take that is open: takes of one song differ. */
function Facts({ song, take }: { song: Song; take: Take | undefined }) {
  const { data: details } = useTakeDetails(take?.id ?? null);
  const own = details ? takeFacts(details.report) : song.facts;
  const facts = [song.style && title(song.style), ...own, take && clock(take.seconds)].filter((fact): fact is string => Boolean(fact));
  if (!facts.length) return null;
  return (
    <ul aria-label="Facts" className="mt-2 flex flex-wrap gap-1.5">
      {facts.map((fact) => (
        <li key={fact}>
          <Badge>{accidentals(fact)}</Badge>
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
  // The word is on the group as well; eight of them fit no phone.
  const word = song.takes.length > 4 ? "" : "Take ";
  const options = song.takes.map((take) => ({ value: String(take.number), label: `${word}${take.number}` }));
  return (
    <Segmented className="mt-5 max-w-md" label="Take" value={String(number)} onChange={(value) => onChange(Number(value))} options={options} />
  );
}
