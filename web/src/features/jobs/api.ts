import { answered, API, api, type Schema } from "@/lib/api/client";
import { sentence } from "@/lib/api/problem";

import type { Job } from "./model";

export const EVENTS_URL = `${API}/jobs/events`;

/** The kinds of event the stream sends besides unnamed ones. */
export const EVENT_NAMES = ["job"] as const;

/** A job as the page keeps it. */
export function jobFrom(job: Schema<"JobOut">): Job {
  return {
    id: job.job_id,
    compositionId: job.composition_id ?? "",
    status: job.status,
    progress: job.progress,
    stage: job.stage,
    etaSeconds: job.eta_seconds,
    error: job.error && sentence(job.error),
    startedAt: job.started_at,
  };
}

/** An event of the stream as a job; null for any other kind of event. */
export function jobFromEvent(data: unknown): Job | null {
  const isJob = typeof data === "object" && data !== null && "job_id" in data && "status" in data && "progress" in data;
  return isJob ? jobFrom(data as Schema<"JobOut">) : null;
}

export async function fetchJob(id: string): Promise<Job> {
  return jobFrom(await answered(api.GET("/api/v2/jobs/{job_id}", { params: { path: { job_id: id } } })));
}
