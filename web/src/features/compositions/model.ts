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
  /** The song that this one is an edit of, null when it was deleted since. */
  parentId: string | null;
  isEdit: boolean;
  ownerId: string;
  /** Whether everyone may hear it. */
  isPublic: boolean;
  createdAt: string;
  job: Job;
  /** Takes asked for. */
  wanted: number;
  /** Finished takes in order. */
  takes: Take[];
  /** The request as kept, to make the song again. */
  request: Record<string, unknown>;
}

/** What a song is called. */
export function titleOf({ title }: Pick<Song, "title">): string {
  return title.trim() || "Untitled";
}

/** The take that a song's heart stands for: the one that is marked, or else the first. */
export function favoriteOf({ takes }: Pick<Song, "takes">): Take | undefined {
  return takes.find((take) => take.favorite) ?? takes[0];
}
