import { useQuery } from "@tanstack/react-query";

import { answered, api, type Schema } from "@/lib/api/client";

import type { Day, Stats } from "./model";

/** The figures of the last `days` days. */
export function useStats(days: number) {
  return useQuery({
    queryKey: ["stats", days],
    queryFn: async () => statsFrom(await answered(api.GET("/api/v2/stats", { params: { query: { days } } }))),
    placeholderData: (before) => before,
    refetchOnWindowFocus: "always",
  });
}

function statsFrom(stats: Schema<"StatsOut">): Stats {
  return {
    successful: stats.successful_generations,
    failed: stats.failed_generations,
    successRate: stats.success_rate,
    generationSeconds: stats.avg_generation_time,
    realtimeFactor: stats.avg_realtime_factor,
    audioSeconds: stats.total_audio_seconds,
    megabytes: stats.total_size_mb,
    plays: stats.total_plays,
    playSeconds: stats.total_play_seconds,
    downloads: stats.total_downloads,
    days: stats.daily.map(dayFrom),
    genres: stats.top_genres.map(({ genre, count }) => ({ name: genre, count })),
  };
}

function dayFrom(day: Schema<"StatsDayOut">): Day {
  return {
    date: day.date,
    successful: day.successful_generations,
    failed: day.failed_generations,
    generationSeconds: day.avg_generation_time,
    realtimeFactor: day.avg_realtime_factor,
    plays: day.total_plays,
    downloads: day.total_downloads,
    cpu: day.cpu_usage ?? null,
    memory: day.memory_usage ?? null,
    gpu: day.gpu_usage ?? null,
  };
}
