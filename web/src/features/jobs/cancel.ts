import { useMutation } from "@tanstack/react-query";

import { answered, api } from "@/lib/api/client";

import { jobFrom } from "./api";
import { useJobs } from "./jobs-provider";

/** Cancels a job; whatever it had made is thrown away. */
export function useCancel(id: string) {
  const { learn } = useJobs();
  return useMutation({
    mutationFn: async () => jobFrom(await answered(api.DELETE("/api/v2/jobs/{job_id}", { params: { path: { job_id: id } } }))),
    onSuccess: learn,
  });
}
