"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** The pages of the studio; the first is where songs are made. */
export const VIEWS = ["generate", "history", "popular", "stats"] as const;

export type View = (typeof VIEWS)[number];

/** The song that is open, if one is, and which of its takes. */
export interface Selection {
  song: string | null;
  take: number;
}

/** The address of a page of the studio, or of a take of a song on the first. */
export function addressOf(view: View, song: string | null = null, take = 1): string {
  if (song) return `/?song=${encodeURIComponent(song)}${take > 1 ? `&take=${take}` : ""}`;
  return view === "generate" ? "/" : `/?view=${view}`;
}

/** The page that an address names; whatever is not one is the first. */
export function viewOf(named: string | null): View {
  return VIEWS.find((view) => view === named) ?? "generate";
}

/** The song and take that an address names. */
export function selectionOf(address: Pick<URLSearchParams, "get">): Selection {
  const take = Number(address.get("take"));
  return { song: address.get("song") || null, take: Number.isInteger(take) && take > 0 ? take : 1 };
}

/** What is open, kept in the address (`/?song=<id>&take=2`) so it can be shared, reloaded and gone back from. */
export function useSelection(): [Selection, (song: string | null, take?: number) => void] {
  const selection = selectionOf(useSearchParams());
  const select = useCallback((song: string | null, take = 1) => {
    const present = selectionOf(new URLSearchParams(window.location.search));
    const address = addressOf("generate", song, take);
    // Another take of the same song is no step that one would go back from.
    if (song && present.song === song) window.history.replaceState(null, "", address);
    else window.history.pushState(null, "", address);
  }, []);
  return [selection, select];
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

/** Whether a press on a link is for the browser, to open another tab or window. */
export function isForBrowser(event: Pick<MouseEvent, "metaKey" | "ctrlKey" | "shiftKey" | "altKey">): boolean {
  return event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}
