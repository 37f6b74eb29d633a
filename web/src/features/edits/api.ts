import { useMutation } from "@tanstack/react-query";

import { useJobs } from "@/features/jobs/jobs-provider";
import { answered, api, type Schema } from "@/lib/api/client";

/** Asks for an edit of a song, which becomes a song of its own. */
export function useEditSong(compositionId: string, onMade: (compositionId: string) => void) {
  const { learn } = useJobs();
  return useMutation({
    mutationFn: (body: Schema<"EditCreate">) =>
      answered(api.POST("/api/v2/compositions/{composition_id}/edits", { params: { path: { composition_id: compositionId } }, body })),
    onSuccess: (accepted) => {
      learn({ id: accepted.job_id, compositionId: accepted.composition_id, status: "QUEUED", progress: 0, stage: "", etaSeconds: null, error: null, startedAt: null });
      onMade(accepted.composition_id);
    },
  });
}
