import type { Job } from "@/features/jobs/model";
import type { Take } from "@/features/takes/model";

/** A song of the library. */
export interface Song {
  id: string;
  promptId: string;
  title: string;
  prompt: string;
  /** Its main genre, empty until it is composed. */
  style: string;
  /** Key, tempo and metre in words. */
  facts: string[];
  /** "C# minor", null until it is composed. */
  key: string | null;
  /** The song that this one is an edit of. */
  parentId: string | null;
  createdAt: string;
  job: Job;
  /** Takes asked for. */
  wanted: number;
  /** Finished takes in order. */
  takes: Take[];
  /** The request as kept, to make the song again. */
  request: Record<string, unknown>;
}
