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
import { usePageTitle } from "./page-title";
import { useSelection, useView, type View } from "./selection";
import { Welcome } from "./welcome";

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
  usePageTitle(selected);
  const open = useCallback(
    (id: string | null, play = false) => {
      setAutoPlay(play);
      select(id);
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
          <Overview view={view} onOpen={open} />
        </main>
      )}
    </>
  );
}

function Overview({ view, onOpen }: { view: Exclude<View, "generate">; onOpen: (id: string, play?: boolean) => void }) {
  if (view === "history") return <HistoryView onOpen={onOpen} />;
  return view === "popular" ? <PopularView onOpen={onOpen} /> : <StatsView />;
}

interface WorkshopProps {
  selected: string | null;
  autoPlay: boolean;
  onAutoPlayed: () => void;
  onOpen: (id: string | null, play?: boolean) => void;
}

/** Ask on the left, listen on the right, and what was made before. */
function Workshop({ selected, autoPlay, onAutoPlayed, onOpen }: WorkshopProps) {
  const [form, setForm] = useDraft();
  const stage = useRef<HTMLElement>(null);
  const open = useCallback(
    (id: string | null, play = false) => {
      onOpen(id, play);
      if (id) requestAnimationFrame(() => bringIntoSight(stage.current));
    },
    [onOpen],
  );
  const reuse = (again: SongForm) => {
    setForm(again);
    document.querySelector<HTMLTextAreaElement>("textarea[name=prompt]")?.focus();
  };
  return (
    <main className="mx-auto grid max-w-7xl gap-8 px-4 pb-16 sm:px-6 lg:grid-cols-[24rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr] lg:gap-x-10">
      <div className="min-w-0">
        <Composer form={form} onChange={setForm} onMade={open} />
      </div>
      <section ref={stage} aria-label="Song" className="min-w-0 scroll-mt-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
        {selected ? (
          <SongView
            key={selected}
            id={selected}
            autoPlay={autoPlay}
            onAutoPlayed={onAutoPlayed}
            onReuse={reuse}
            onMade={open}
            onClose={() => open(null)}
          />
        ) : (
          <Welcome />
        )}
      </section>
      <div className="min-w-0 lg:col-start-1">
        <RecentList selected={selected} onSelect={open} onGone={(id) => id === selected && open(null)} />
      </div>
    </main>
  );
}
