"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** The pages of the studio; the first is where songs are made. */
export const VIEWS = ["generate", "history", "popular", "stats"] as const;

export type View = (typeof VIEWS)[number];

/** The address of a page of the studio, or of a song on the first. */
export function addressOf(view: View, song: string | null = null): string {
  if (song) return `/?song=${encodeURIComponent(song)}`;
  return view === "generate" ? "/" : `/?view=${view}`;
}

/** The page that an address names; whatever is not one is the first. */
export function viewOf(named: string | null): View {
  return VIEWS.find((view) => view === named) ?? "generate";
}

/** The song that is open, kept in the address (`/?song=<id>`) so it can be shared, reloaded and gone back from. */
export function useSelection(): [string | null, (id: string | null) => void] {
  const selected = useSearchParams().get("song");
  const select = useCallback((id: string | null) => {
    window.history.pushState(null, "", addressOf("generate", id));
  }, []);
  return [selected, select];
}

/** The page that is open, kept in the address (`/?view=stats`) as well. */
export function useView(): [View, (view: View) => void] {
  const view = viewOf(useSearchParams().get("view"));
  const show = useCallback((next: View) => {
    window.history.pushState(null, "", addressOf(next));
    window.scrollTo(0, 0);
  }, []);
  return [view, show];
}
