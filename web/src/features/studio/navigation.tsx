"use client";

import { ChartColumn, Flame, History, WandSparkles, type LucideIcon } from "lucide-react";

import { cn } from "@/lib/cn";

import { addressOf, isForBrowser, type View } from "./selection";

const PAGES: { view: View; label: string; Icon: LucideIcon }[] = [
  { view: "generate", label: "Generate", Icon: WandSparkles },
  { view: "history", label: "History", Icon: History },
  { view: "popular", label: "Popular", Icon: Flame },
  { view: "stats", label: "Stats", Icon: ChartColumn },
];

/** What a page is called. */
export function labelOf(page: View): string {
  return PAGES.find(({ view }) => view === page)?.label ?? "";
}

/** The pages of the studio; on a phone a row of its own. */
export function Navigation({ view, onShow }: { view: View; onShow: (view: View) => void }) {
  return (
    <nav aria-label="Pages" className="order-last flex w-full gap-1 overflow-x-auto sm:order-none sm:mr-auto sm:w-auto">
      {PAGES.map(({ view: page, label, Icon }) => (
        <a
          key={page}
          href={addressOf(page)}
          aria-current={page === view ? "page" : undefined}
          onClick={(event) => {
            if (isForBrowser(event)) return;
            event.preventDefault();
            onShow(page);
          }}
          className={cn(
            "flex h-9 flex-auto items-center justify-center gap-1.5 rounded-lg px-2.5 text-sm font-medium whitespace-nowrap transition-colors sm:flex-none",
            page === view ? "bg-raised text-ink" : "text-muted hover:text-ink",
          )}
        >
          <Icon className="size-4 max-sm:hidden" aria-hidden /> {label}
        </a>
      ))}
    </nav>
  );
}
