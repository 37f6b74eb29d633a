import type { Song } from "@/features/compositions/model";

/** A take as the lists of the library show it. */
export interface Record {
  /** Id of the take. */
  id: string;
  compositionId: string;
  /** Of the take within its song. */
  number: number;
  title: string;
  prompt: string;
  genre: string;
  seconds: number;
  plays: number;
  downloads: number;
  favorite: boolean;
  lastPlayed: string | null;
}

export const SORTS = [
  { value: "newest", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
  { value: "title", label: "By title" },
  { value: "most_played", label: "Most played" },
  { value: "longest", label: "Longest first" },
  { value: "shortest", label: "Shortest first" },
  { value: "relevance", label: "Best match" },
] as const;

export type Sort = (typeof SORTS)[number]["value"];

/** What the history shows, and in which order. */
export interface Filters {
  words: string;
  sort: Sort;
  favorites: boolean;
}

export const EVERYTHING: Filters = { words: "", sort: "newest", favorites: false };

/** Filters as the address of the list says them; what is not wished for is left out. */
export function toQuery({ words, sort, favorites }: Filters) {
  const q = words.trim();
  // Without words nothing matches better than anything else.
  const order: Sort = sort === "relevance" && !q ? "newest" : sort;
  return { sort: order, ...(q && { q }), ...(favorites && { favorite: true }) };
}

/** Filters after the search box changed: the best match comes first as soon as there are words to match. */
export function searched(filters: Filters, words: string): Filters {
  const began = !filters.words.trim() && Boolean(words.trim());
  const ended = Boolean(filters.words.trim()) && !words.trim();
  if (began && filters.sort === "newest") return { ...filters, words, sort: "relevance" };
  if (ended && filters.sort === "relevance") return { ...filters, words, sort: "newest" };
  return { ...filters, words };
}

/** One page of a longer list of songs. */
export interface SongPage {
  songs: Song[];
  total: number;
}

/** The songs once each, in their order. */
export function unique(songs: readonly Song[]): Song[] {
  return [...new Map(songs.map((song) => [song.id, song])).values()];
}
