"use client";

import { RotateCcw, TriangleAlert, X } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { Spinner } from "@/components/ui/spinner";
import { asProblem } from "@/lib/api/problem";
import { count, timeLeft, title } from "@/lib/format";

import { useCancel } from "./cancel";
import { useJobs } from "./jobs-provider";
import type { Job } from "./model";

interface Retry {
  /** Asks for the song once more; null where that cannot be done from here. */
  onRetry: (() => void) | null;
  retrying: boolean;
}

/** What is being done to a song right now, how far it is, and the way out. */
export function JobCard({ job, wanted, ...retry }: { job: Job; wanted: number } & Retry) {
  if (job.status === "FAILED") return <Failure job={job} {...retry} />;
  if (job.status === "CANCELLED") return <Cancelled {...retry} />;
  if (job.status === "COMPLETE") return null;
  return <UnderWay job={job} wanted={wanted} />;
}

function UnderWay({ job, wanted }: { job: Job; wanted: number }) {
  const cancel = useCancel(job.id);
  const { stream } = useJobs();
  const percent = Math.floor(job.progress);
  const stage = title(job.stage || (job.status === "QUEUED" ? "waiting for its turn" : "working"));
  return (
    <section aria-label="Progress" className="rounded-xl border border-line bg-surface p-5">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <p className="flex items-center gap-2 font-medium">
            <Spinner className="text-accent" />
            <span className="truncate" data-testid="stage">{stage}</span>
          </p>
          <p className="mt-1 text-sm text-muted">
            {[wanted > 1 && count(wanted, "take"), timeLeft(job.etaSeconds)].filter(Boolean).join(" · ") || "\u00a0"}
          </p>
        </div>
        <p className="text-3xl font-semibold tracking-tight" data-testid="percent">
          {percent}
          <span className="ml-0.5 text-lg text-muted">%</span>
        </p>
      </div>
      <div className="mt-4">
        <Progress value={job.progress} label="Song progress" />
      </div>
      <div className="mt-4 flex items-center justify-between gap-3">
        <p className="text-xs text-muted">{stream === "lost" ? "Live updates were interrupted; asking again every second or two." : ""}</p>
        <Button size="sm" onClick={() => cancel.mutate()} disabled={cancel.isPending}>
          <X aria-hidden /> {cancel.isPending ? "Cancelling…" : "Cancel"}
        </Button>
      </div>
      {cancel.isError && <p role="alert" className="mt-2 text-sm text-danger">{asProblem(cancel.error).message}</p>}
      <p className="sr-only" role="status">{spoken(stage, percent)}</p>
    </section>
  );
}

/** Told to screen readers at each new stage and each tenth of the way, not at every step. */
function spoken(stage: string, percent: number): string {
  return `${stage}, ${Math.floor(percent / 10) * 10} per cent`;
}

function Failure({ job, onRetry, retrying }: { job: Job } & Retry) {
  return (
    <section role="alert" className="rounded-xl border border-danger/40 bg-danger-wash p-5">
      <p className="flex items-center gap-2 font-medium text-danger">
        <TriangleAlert className="size-5 shrink-0" aria-hidden /> This song could not be finished
      </p>
      <p className="mt-2 text-sm break-words">{job.error ?? "The studio gave no reason."}</p>
      {onRetry && (
        <Button size="sm" className="mt-4" onClick={onRetry} disabled={retrying}>
          <RotateCcw aria-hidden /> Try again
        </Button>
      )}
    </section>
  );
}

function Cancelled({ onRetry, retrying }: Retry) {
  return (
    <section role="status" className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-line bg-surface p-5">
      <p className="text-sm text-muted">You cancelled this song before it was finished.</p>
      {onRetry && (
        <Button size="sm" onClick={onRetry} disabled={retrying}>
          <RotateCcw aria-hidden /> Make it after all
        </Button>
      )}
    </section>
  );
}
