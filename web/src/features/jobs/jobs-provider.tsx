"use client";

import { useQueries, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useReducer, useRef, useState, type ReactNode } from "react";

import { SIGNED_OUT } from "@/lib/api/client";
import { asProblem } from "@/lib/api/problem";

import { EVENT_NAMES, EVENTS_URL, fetchJob, jobFromEvent } from "./api";
import { isOver, type Job } from "./model";
import { jobOf, learn, underWay, type Jobs } from "./reducer";
import { listen, type StreamStatus } from "./stream";

interface JobsValue {
  jobs: Jobs;
  stream: StreamStatus;
  learn: (job: Job) => void;
}

const JobsContext = createContext<JobsValue | null>(null);

/** How often a job is asked for while the event stream is silent, milliseconds. */
const POLL_MS = 1500;
/** The same while it is open: an event that is lost all the same must not leave the page waiting for ever. */
const CHECK_MS = 15_000;

/** Keeps every job the page has heard of, live. */
export function JobsProvider({ children }: { children: ReactNode }) {
  const [jobs, dispatch] = useReducer(learn, {});
  const [stream, setStream] = useState<StreamStatus>("connecting");
  useEffect(() => {
    const onEvent = (data: unknown) => {
      const job = jobFromEvent(data);
      if (job) dispatch(job);
    };
    // Nothing may be asked of the API while the page only listens: this is how it learns that its session has ended.
    const onRefused = () => void window.dispatchEvent(new Event(SIGNED_OUT));
    return listen(EVENTS_URL, EVENT_NAMES, { onEvent, onStatus: setStream, onRefused });
  }, []);
  usePolling(underWay(jobs), stream !== "open", dispatch);
  useFreshSongs(jobs);
  const value = useMemo(() => ({ jobs, stream, learn: dispatch }), [jobs, stream]);
  return <JobsContext value={value}>{children}</JobsContext>;
}

/** Every job the page knows, and how to tell of another. */
export function useJobs(): JobsValue {
  const value = use(JobsContext);
  if (!value) throw new Error("useJobs needs a JobsProvider around it");
  return value;
}

/** The newest job of a composition. */
export function useJobOf(compositionId: string): Job | null {
  return jobOf(useJobs().jobs, compositionId);
}

function usePolling(active: Job[], silent: boolean, onJob: (job: Job) => void): void {
  const results = useQueries({
    queries: active.map((job) => ({
      queryKey: ["jobs", job.id, silent ? "polled" : "checked"],
      queryFn: () => fetchJob(job.id).catch((error: unknown) => ended(job, error)),
      refetchInterval: silent ? POLL_MS : CHECK_MS,
      // A job may have ended while nobody listened: whoever connects anew asks at once. Whoever is told need not.
      ...(silent ? { staleTime: 0 } : { initialData: job, staleTime: Infinity }),
    })),
  });
  // The stream may lose its last event in a break, so what polling learns counts as much.
  const latest = results.map((result) => result.data);
  const stamp = latest.map((job) => job && `${job.id}${job.progress}${job.status}`).join();
  useEffect(() => {
    for (const job of latest) if (job) onJob(job);
  }, [stamp, onJob]);
}

/** A job that is no more went with its song, of which no event tells: nothing more will come of it. Any other error stands. */
function ended(job: Job, error: unknown): Job {
  if (asProblem(error).status !== 404) throw error;
  return { ...job, status: "CANCELLED" };
}

/** Songs are fetched anew whenever a job appears or ends. */
function useFreshSongs(jobs: Jobs): void {
  const client = useQueryClient();
  const known = useRef<Jobs>({});
  useEffect(() => {
    const hasEnded = (job: Job) => isOver(job) !== isOver(known.current[job.id] ?? job);
    const listed = client.getQueryData<{ id: string }[]>(["songs", "recent"]);
    const isNew = (job: Job) => !known.current[job.id] && !listed?.some((song) => song.id === job.compositionId);
    if (Object.values(jobs).some((job) => isNew(job) || hasEnded(job))) void freshen(client);
    known.current = jobs;
  }, [jobs, client]);
}

/** Fetches what is shown of songs anew, also what is on its way for the first time: it may have left before the news. */
async function freshen(client: QueryClient): Promise<void> {
  // Invalidating lets a first fetch run on, and takes its answer for fresh.
  await client.cancelQueries({ queryKey: ["songs"], predicate: (query) => query.state.data === undefined });
  await client.invalidateQueries({ queryKey: ["songs"] });
}
