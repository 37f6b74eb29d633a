"use client";

import { useEffect } from "react";

import { useJobs } from "@/features/jobs/jobs-provider";
import { isOver } from "@/features/jobs/model";
import { jobOf } from "@/features/jobs/reducer";

/** Shows how far the open song is in the tab's title, for those who look elsewhere meanwhile. */
export function usePageTitle(compositionId: string | null): void {
  const { jobs } = useJobs();
  const job = compositionId ? jobOf(jobs, compositionId) : null;
  const prefix = job && !isOver(job) ? `${Math.floor(job.progress)} % · ` : "";
  useEffect(() => {
    document.title = `${prefix}Text2Song Studio`;
  }, [prefix]);
}
