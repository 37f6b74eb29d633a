"use client";

import { useCallback, useRef, useState } from "react";

import { Composer } from "@/features/compositions/composer";
import { useDraft } from "@/features/compositions/draft";
import type { SongForm } from "@/features/compositions/form";
import { RecentList } from "@/features/compositions/recent-list";
import { SongView } from "@/features/compositions/song-view";
import { HistoryView } from "@/features/library/history-view";
import { PopularView } from "@/features/library/popular-view";
import { StatsView } from "@/features/stats/stats-view";

import { Header } from "./header";
import { labelOf } from "./navigation";
import { PageTitle } from "./page-title";
import { selectionOf, useSelection, useView, type Selection, type View } from "./selection";
import { Welcome } from "./welcome";

/** Opens a take of a song, and plays it where that was asked for; null closes what is open. */
type Open = (id: string | null, play?: boolean, take?: number) => void;

/** In a narrow window the song lies below the form, and a long list of songs may have been scrolled past it. */
function bringIntoSight(element: HTMLElement | null): void {
  const top = element?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > window.innerHeight / 2) element?.scrollIntoView();
}

/** The studio: songs are made and heard on its first page, and looked over on the others. */
export function StudioPage() {
  const [view, show] = useView();
  const [selected, select] = useSelection();
  const [autoPlay, setAutoPlay] = useState(false);
  const open = useCallback<Open>(
    (id, play = false, take = 1) => {
      setAutoPlay(play);
      select(id, take);
    },
    [select],
  );
  return (
    <>
      <Header view={view} onShow={(next) => (next === "generate" ? open(null) : show(next))} />
      {view === "generate" ? (
        <Workshop selected={selected} autoPlay={autoPlay} onAutoPlayed={() => setAutoPlay(false)} onOpen={open} />
      ) : (
        <main className="mx-auto max-w-7xl px-4 pt-4 pb-16 sm:px-6">
          <PageTitle text={labelOf(view)} />
          <Overview view={view} onOpen={open} />
        </main>
      )}
    </>
  );
}

function Overview({ view, onOpen }: { view: Exclude<View, "generate">; onOpen: Open }) {
  if (view === "history") return <HistoryView onOpen={onOpen} />;
  return view === "popular" ? <PopularView onOpen={onOpen} /> : <StatsView />;
}

interface WorkshopProps {
  selected: Selection;
  autoPlay: boolean;
  onAutoPlayed: () => void;
  onOpen: Open;
}

/** Ask on the left, listen on the right, and what was made before. */
function Workshop({ selected, autoPlay, onAutoPlayed, onOpen }: WorkshopProps) {
  const [form, setForm] = useDraft();
  const stage = useRef<HTMLElement>(null);
  const open = useCallback<Open>(
    (id, play, take) => {
      onOpen(id, play, take);
      if (id) requestAnimationFrame(() => bringIntoSight(stage.current));
    },
    [onOpen],
  );
  const reuse = (again: SongForm) => {
    setForm(again);
    document.querySelector<HTMLTextAreaElement>("textarea[name=prompt]")?.focus();
  };
  // What is open now, not what was open when somebody asked to delete it.
  const leave = useCallback((id: string) => selectionOf(new URLSearchParams(window.location.search)).song === id && onOpen(null), [onOpen]);
  return (
    <main className="mx-auto grid max-w-7xl gap-8 px-4 pb-16 sm:px-6 lg:grid-cols-[24rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr] lg:gap-x-10">
      <div className="min-w-0">
        <Composer form={form} onChange={setForm} onMade={open} />
      </div>
      <section ref={stage} aria-label="Song" className="min-w-0 scroll-mt-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
        {selected.song ? (
          <SongView
            key={selected.song}
            id={selected.song}
            take={selected.take}
            onTake={(take) => onOpen(selected.song, false, take)}
            autoPlay={autoPlay}
            onAutoPlayed={onAutoPlayed}
            onReuse={reuse}
            onMade={open}
            onClose={() => open(null)}
          />
        ) : (
          <>
            <PageTitle />
            <Welcome />
          </>
        )}
      </section>
      <div className="min-w-0 lg:col-start-1">
        <RecentList selected={selected.song} onSelect={open} onGone={leave} />
      </div>
    </main>
  );
}
