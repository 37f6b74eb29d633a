export type JobStatus = "QUEUED" | "RENDERING" | "MASTERING" | "COMPLETE" | "FAILED" | "CANCELLED";

/** One song being made, as the server last told it. */
export interface Job {
  id: string;
  compositionId: string;
  status: JobStatus;
  /** 0–100. */
  progress: number;
  /** A few words: what is being done now. */
  stage: string;
  etaSeconds: number | null;
  /** One sentence, when it failed. */
  error: string | null;
  /** Server time of the present attempt's start, ISO 8601. */
  startedAt: string | null;
}

/** Whether nothing more will happen to a job. */
export function isOver(job: Pick<Job, "status">): boolean {
  return job.status === "COMPLETE" || job.status === "FAILED" || job.status === "CANCELLED";
}
