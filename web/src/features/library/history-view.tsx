"use client";

import { Heart, Search } from "lucide-react";
import { useEffect, useState } from "react";

import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Loading } from "@/components/ui/spinner";
import { SongRow } from "@/features/compositions/song-row";
import { asProblem } from "@/lib/api/problem";
import { count } from "@/lib/format";

import { useHistory } from "./api";
import { EVERYTHING, searched, SORTS, unique, type Filters, type Sort } from "./model";

interface HistoryViewProps {
  onOpen: (id: string, play?: boolean) => void;
}

/** Every song there is: searched, sorted, filtered, marked. */
export function HistoryView({ onOpen }: HistoryViewProps) {
  const [filters, setFilters] = useState(EVERYTHING);
  const settled = useSettled(filters);
  const history = useHistory(settled);
  // A song that was made meanwhile moves the others down, onto the next page.
  const songs = unique(history.data?.pages.flatMap((page) => page.songs) ?? []);
  const total = history.data?.pages.at(-1)?.total ?? 0;
  return (
    <section aria-labelledby="history-title">
      <h1 id="history-title" className="text-2xl font-semibold tracking-tight">History</h1>
      <FilterBar filters={filters} onChange={setFilters} />
      <p role="status" className="mt-4 mb-2 text-sm text-muted">{history.isSuccess && (history.isPlaceholderData ? "Searching" : total ? count(total, "song") : nothing(settled))}</p>
      {history.isPending && <Loading label="Opening the library" />}
      {history.isError && (
        <div role="alert" className="text-sm text-danger">
          <p>{asProblem(history.error).message}</p>
          <Button size="sm" className="mt-2" onClick={() => void history.refetch()}>Try again</Button>
        </div>
      )}
      <ul className="grid grid-cols-1 gap-1 lg:grid-cols-2 lg:gap-x-6">
        {songs.map((song) => (
          <SongRow key={song.id} song={song} selected={false} onSelect={onOpen} onGone={() => undefined} />
        ))}
      </ul>
      {history.hasNextPage && (
        <Button className="mt-4" onClick={() => void history.fetchNextPage()} disabled={history.isFetchingNextPage}>
          {history.isFetchingNextPage ? "Fetching more" : "Show more"}
        </Button>
      )}
    </section>
  );
}

/** Milliseconds without another letter after which what was typed is asked for. */
const REST_MS = 250;

/** Filters a moment after the words last changed; whatever else changes holds at once. */
function useSettled(filters: Filters): Filters {
  const [words, setWords] = useState(filters.words);
  useEffect(() => {
    const rest = setTimeout(() => setWords(filters.words), REST_MS);
    return () => clearTimeout(rest);
  }, [filters.words]);
  return words === filters.words ? filters : searched(filters, words);
}

function nothing({ words, favorites }: Filters): string {
  if (words.trim()) return favorites ? "None of your favourites holds these words." : "No song holds these words.";
  return favorites ? "No favourites yet: the heart beside a song makes one." : "Songs you make are kept here.";
}

function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  return (
    <form role="search" aria-label="Songs" className="mt-5 flex flex-wrap items-end gap-3" onSubmit={(event) => event.preventDefault()}>
      <Field label="Search" className="w-full min-w-56 sm:w-auto sm:flex-1">
        <div className="relative">
          <Search className="pointer-events-none absolute top-3 left-3 size-4 text-muted" aria-hidden />
          <Input
            type="search"
            className="pl-9"
            maxLength={200}
            placeholder="Words of the title, the style or the prompt"
            value={filters.words}
            onChange={(event) => onChange(searched(filters, event.target.value))}
          />
        </div>
      </Field>
      <Field label="Order" className="w-44 max-sm:flex-1">
        <Select className="whitespace-nowrap" value={filters.sort} onChange={(sort) => onChange({ ...filters, sort: sort as Sort })} options={SORTS} />
      </Field>
      <Button aria-pressed={filters.favorites} onClick={() => onChange({ ...filters, favorites: !filters.favorites })} className={filters.favorites ? "border-accent text-accent" : ""}>
        <Heart fill={filters.favorites ? "currentColor" : "none"} aria-hidden /> Favourites
      </Button>
    </form>
  );
}
