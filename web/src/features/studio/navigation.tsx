"use client";

import { ChartColumn, Flame, History, WandSparkles, type LucideIcon } from "lucide-react";

import { cn } from "@/lib/cn";

import { addressOf, type View } from "./selection";

const PAGES: { view: View; label: string; Icon: LucideIcon }[] = [
  { view: "generate", label: "Generate", Icon: WandSparkles },
  { view: "history", label: "History", Icon: History },
  { view: "popular", label: "Popular", Icon: Flame },
  { view: "stats", label: "Stats", Icon: ChartColumn },
];

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
            if (event.metaKey || event.ctrlKey) return;
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
