import { useMutation } from "@tanstack/react-query";

import { answered, api } from "@/lib/api/client";

/** A sound that was sent, and what was heard in it, in words: "groove.wav · 96 BPM, A minor". */
interface Sound {
  id: string;
  name: string;
}

/** Sends a sound and listens to it. */
export function useReference(onHeard: (sound: Sound) => void) {
  return useMutation({ mutationFn: hear, onSuccess: onHeard });
}

async function hear(file: File): Promise<Sound> {
  const kept = await answered(
    api.POST("/api/v2/files", {
      params: { query: { kind: "REFERENCE", filename: file.name } },
      headers: { "content-type": "application/octet-stream" },
      // The file itself, as it is: the description knows bodies as text.
      body: file as never,
      bodySerializer: (body: unknown) => body as Blob,
    }),
  );
  try {
    const heard = await answered(api.POST("/api/v2/analyze", { body: { file_id: kept.id } }));
    const facts = [heard.bpm && `${Math.round(heard.bpm)} BPM`, heard.key].filter(Boolean).join(", ");
    return { id: kept.id, name: [file.name, facts].filter(Boolean).join(" · ") };
  } catch (error) {
    // What cannot be listened to serves nobody.
    void forgetSound(kept.id);
    throw error;
  }
}

/** Removes a sound that is not wanted any more; songs that took after it keep what they took. */
export async function forgetSound(id: string): Promise<void> {
  await answered(api.DELETE("/api/v2/files/{file_id}", { params: { path: { file_id: id } } })).catch(() => undefined);
}
