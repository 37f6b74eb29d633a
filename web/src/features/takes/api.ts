import { useQuery } from "@tanstack/react-query";

import { answered, API, api, type Schema } from "@/lib/api/client";

import type { Outline, Report, Take, TakeDetails } from "./model";

/** A take as the page keeps it. */
export function takeFrom(take: Schema<"TakeOut">): Take {
  const stream = `${API}/audio/${take.id}/stream`;
  return {
    id: take.id,
    compositionId: take.composition_id,
    number: take.number,
    seconds: take.duration_seconds,
    seed: take.seed,
    streamUrl: stream,
    stems: take.stems.map(({ name, instrument, lufs }) => ({ name, instrument, lufs, url: `${stream}?stem=${encodeURIComponent(name)}` })),
    files: take.files.map(({ name, bytes }) => ({ name, bytes })),
    peaks: take.peaks,
    favorite: take.is_favorited,
  };
}

/** Outline and report of a take: neither ever changes. */
export function useTakeDetails(id: string | null) {
  return useQuery({
    queryKey: ["takes", id],
    enabled: id !== null,
    queryFn: async (): Promise<TakeDetails> => {
      const take = await answered(api.GET("/api/v2/audio/{take_id}", { params: { path: { take_id: id! } } }));
      return { outline: outlineFrom(take.outline), report: reportFrom(take.report) };
    },
    staleTime: Infinity,
  });
}

/** Where a file of a take is downloaded. */
export function fileUrl(take: Take, name: string): string {
  return `${API}/compositions/${take.compositionId}/files/${encodeURIComponent(name)}?take=${take.number}`;
}

function outlineFrom({ sections, chords, lyrics, lyrics_notes }: Schema<"OutlineOut">): Outline {
  const span = ({ start_seconds, end_seconds }: { start_seconds: number; end_seconds: number }) => ({ start: start_seconds, end: end_seconds });
  return {
    sections: sections.map((section) => ({ ...span(section), name: section.name, energy: section.energy })),
    chords: chords.map((chord) => ({ ...span(chord), symbol: chord.symbol, roman: chord.roman })),
    lyrics: lyrics.map((line) => ({ ...span(line), text: line.text })),
    lyricsNotes: lyrics_notes ?? [],
  };
}

function reportFrom(report: Schema<"ReportOut">): Report {
  return {
    passed: report.passed,
    reasons: report.reasons,
    asked: report.asked,
    measured: report.measured,
    seconds: report.seconds,
    realtimeFactor: report.realtime_factor,
    loudnessLufs: report.loudness_lufs,
    truePeakDbtp: report.true_peak_dbtp,
  };
}
