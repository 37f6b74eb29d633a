"use client";

import { useCallback, useRef, useState } from "react";

import { Composer } from "@/features/compositions/composer";
import { useDraft } from "@/features/compositions/draft";
import type { SongForm } from "@/features/compositions/form";
import { RecentList } from "@/features/compositions/recent-list";
import { SongView } from "@/features/compositions/song-view";

import { Header } from "./header";
import { useSelection } from "./selection";
import { usePageTitle } from "./page-title";
import { Welcome } from "./welcome";

/** In a narrow window the song lies below the form, and a long list of songs may have been scrolled past it. */
function bringIntoSight(element: HTMLElement | null): void {
  const top = element?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > window.innerHeight / 2) element?.scrollIntoView();
}

/** The whole studio on one page: ask on the left, listen on the right, and what was made before. */
export function StudioPage() {
  const [selected, select] = useSelection();
  const [form, setForm] = useDraft();
  const [autoPlay, setAutoPlay] = useState(false);
  const stage = useRef<HTMLElement>(null);
  usePageTitle(selected);
  const open = useCallback(
    (id: string | null, play = false) => {
      setAutoPlay(play);
      select(id);
      if (id) requestAnimationFrame(() => bringIntoSight(stage.current));
    },
    [select],
  );
  const reuse = (again: SongForm) => {
    setForm(again);
    document.querySelector<HTMLTextAreaElement>("textarea[name=prompt]")?.focus();
  };
  return (
    <>
      <Header onHome={() => open(null)} />
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
              onAutoPlayed={() => setAutoPlay(false)}
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
    </>
  );
}
