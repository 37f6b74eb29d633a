import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { songFrom } from "@/features/compositions/api";
import { answered, api, type Schema } from "@/lib/api/client";

import { toQuery, type Filters, type Record, type SongPage } from "./model";

const PAGE = 30;
const POPULAR = 50;

function recordFrom(record: Schema<"RecordOut">): Record {
  return {
    id: record.generation_id,
    compositionId: record.composition_id,
    number: record.number,
    title: record.title,
    prompt: record.prompt,
    genre: record.genres[0] ?? "",
    seconds: record.duration,
    plays: record.play_count,
    downloads: record.download_count,
    favorite: record.is_favorited,
    lastPlayed: record.last_played,
  };
}

/** All songs that pass the filters, page after page. */
export function useHistory(filters: Filters) {
  return useInfiniteQuery({
    // Whatever is about songs lies below this key, so that a new, renamed or deleted song is seen here too.
    queryKey: ["songs", "history", filters],
    queryFn: async ({ pageParam }): Promise<SongPage> => {
      const query = { ...toQuery(filters), limit: PAGE, offset: pageParam };
      const page = await answered(api.GET("/api/v2/compositions", { params: { query } }));
      return { songs: page.items.map(songFrom), total: page.total };
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const shown = pages.reduce((sum, page) => sum + page.songs.length, 0);
      return shown < last.total && last.songs.length > 0 ? shown : undefined;
    },
    placeholderData: (before) => before,
  });
}

/** The takes that were played most. */
export function usePopular() {
  return useQuery({
    queryKey: ["library", "popular"],
    queryFn: async () => {
      const records = await answered(api.GET("/api/v2/most-played", { params: { query: { limit: POPULAR } } }));
      return records.map(recordFrom).filter((record) => record.plays > 0);
    },
  });
}

/** Marks a take as a favourite, or takes the mark back. */
export function useFavorite(takeId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: boolean) => answered(api.POST("/api/v2/favorite", { body: { generation_id: takeId, is_favorited: wanted } })),
    // Quick presses arrive in the order in which they were made.
    scope: { id: `favorite ${takeId}` },
    meta: { notice: true },
    // Under way until the lists say it too: the mark would flicker otherwise.
    onSettled: () => refresh(client),
  });
}

/** Tells the studio that a take was played, and for how many seconds; the page may be going away. */
export async function trackPlay(client: QueryClient, takeId: string, seconds: number): Promise<void> {
  await answered(api.POST("/api/v2/track-play", { body: { generation_id: takeId, play_duration: seconds }, keepalive: true }));
  void refresh(client);
}

async function refresh(client: QueryClient): Promise<void> {
  await Promise.all(["songs", "library", "stats"].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
