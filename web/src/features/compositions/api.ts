import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { jobFrom } from "@/features/jobs/api";
import { useJobOf, useJobs } from "@/features/jobs/jobs-provider";
import { isOver, type Job } from "@/features/jobs/model";
import { takeFrom } from "@/features/takes/api";
import { answered, api, type Schema } from "@/lib/api/client";

import { toRequest, type SongForm } from "./form";
import type { Song } from "./model";

const RECENT = 50;
/** How soon a song is asked for again whose answer is older than the end of its job, milliseconds. */
const BEHIND_MS = 2000;

/** Every query below this key is about songs. */
const SONGS = "songs";

/** A song as the page keeps it. */
export function songFrom(composition: Schema<"CompositionOut">): Song {
  const { summary, request } = composition;
  return {
    id: composition.id,
    promptId: composition.prompt_id,
    title: composition.title,
    prompt: composition.prompt,
    style: summary.genres?.[0] ?? summary.style ?? "",
    facts: [summary.key, summary.bpm ? `${Math.round(summary.bpm)} BPM` : null, summary.time_signature].filter((fact) => typeof fact === "string"),
    key: summary.key ?? null,
    parentId: composition.parent_id,
    isEdit: composition.edits.length > 0,
    ownerId: composition.user_id,
    isPublic: composition.public,
    createdAt: composition.created_at,
    job: jobFrom(composition.job),
    wanted: Number(composition.options.num_samples ?? 1),
    takes: composition.takes.map(takeFrom),
    request,
  };
}

/** The songs made lately, newest first. */
export function useRecentSongs() {
  const recent = useQuery({
    queryKey: [SONGS, "recent"],
    queryFn: async () => {
      const page = await answered(api.GET("/api/v2/compositions", { params: { query: { limit: RECENT } } }));
      return page.items.map(songFrom);
    },
    // Songs may also be made from the command line or another tab.
    refetchOnWindowFocus: "always",
  });
  useLearn(recent.data);
  return recent;
}

/** One song; asked for again as long as its answer knows less than the news of its job. */
export function useSong(id: string) {
  const job = useJobOf(id);
  const song = useQuery({
    queryKey: [SONGS, id],
    queryFn: () => fetchSong(id),
    refetchInterval: ({ state }) => (job && isOver(job) && state.data && !isOver(state.data.job) ? BEHIND_MS : false),
  });
  useLearn(song.data);
  return song;
}

async function fetchSong(id: string): Promise<Song> {
  return songFrom(await answered(api.GET("/api/v2/compositions/{composition_id}", { params: { path: { composition_id: id } } })));
}

/** How the studio reads a song's prompt. */
export function useUnderstanding(promptId: string) {
  return useQuery({
    queryKey: ["prompts", promptId],
    queryFn: async () => {
      const prompt = await answered(api.GET("/api/v2/prompts/{prompt_id}", { params: { path: { prompt_id: promptId } } }));
      return prompt.understanding;
    },
    staleTime: Infinity,
  });
}

/** Asks for a song; the form's fields as the server wants them. */
export function useMakeSong(onMade: (compositionId: string) => void) {
  const { learn } = useJobs();
  return useMutation({
    mutationFn: (form: SongForm) => {
      const body = toRequest(form);
      if (!form.reference) return answered(api.POST("/api/v2/generate", { body }));
      return answered(api.POST("/api/v2/compositions", { body: { ...body, prompt: form.prompt, reference_file_id: form.reference } }));
    },
    onSuccess: (accepted) => {
      // A job that was not heard of has the lists of songs fetched anew.
      learn(waiting(accepted));
      onMade(accepted.composition_id);
    },
  });
}

/** A job that was just accepted, before its first news. */
function waiting(accepted: Schema<"AcceptedOut">): Job {
  return { id: accepted.job_id, compositionId: accepted.composition_id, status: "QUEUED", progress: 0, stage: "", etaSeconds: null, error: null, startedAt: null };
}

/** Gives a song another title, or lets everyone hear it; whoever shows no failure at its place has it told by a notice. */
export function useChangeSong(id: string, notice = true) {
  const client = useQueryClient();
  return useMutation({
    meta: { notice },
    mutationFn: async (change: Schema<"CompositionChange">) =>
      songFrom(await answered(api.PATCH("/api/v2/compositions/{composition_id}", { params: { path: { composition_id: id } }, body: change }))),
    onSuccess: (song) => {
      client.setQueryData([SONGS, id], song);
      void client.invalidateQueries({ queryKey: [SONGS] });
    },
  });
}

/** Deletes a song, its takes and their files; then calls `onGone`, wherever the page is by then. */
export function useDeleteSong(onGone: (id: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answered(api.DELETE("/api/v2/compositions/{composition_id}", { params: { path: { composition_id: id } } })),
    onSuccess: (_, id) => {
      onGone(id);
      forget(client, id);
    },
  });
}

function forget(client: QueryClient, id: string): void {
  client.setQueryData<Song[]>([SONGS, "recent"], (songs) => songs?.filter((song) => song.id !== id));
  client.removeQueries({ queryKey: [SONGS, id] });
  for (const list of ["recent", "history"]) void client.invalidateQueries({ queryKey: [SONGS, list] });
}

/** What an answer says of jobs is news like any other, once. */
function useLearn(answer: Song | Song[] | undefined): void {
  const { learn } = useJobs();
  useEffect(() => {
    for (const song of answer ? [answer].flat() : []) learn(song.job);
    // The answer is the same object until it is fetched again; anything made of it here would be another at each drawing.
  }, [answer, learn]);
}
