"use client";

import { AccountMenu } from "@/features/accounts/account-menu";
import { useJobs } from "@/features/jobs/jobs-provider";
import { cn } from "@/lib/cn";

import { Navigation } from "./navigation";
import { isForBrowser, type View } from "./selection";
import { ThemeMenu } from "./theme-menu";

interface HeaderProps {
  view: View;
  onShow: (view: View) => void;
}

export function Header({ view, onShow }: HeaderProps) {
  return (
    <header className="mx-auto flex min-h-16 max-w-7xl flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 sm:px-6">
      <a
        href="/"
        onClick={(event) => {
          if (isForBrowser(event)) return;
          event.preventDefault();
          onShow("generate");
        }}
        className="mr-auto flex items-center gap-2.5 rounded-lg font-semibold tracking-tight sm:mr-4"
      >
        <Mark /> Text2Song Studio
      </a>
      <Navigation view={view} onShow={onShow} />
      <Connection />
      <ThemeMenu />
      <AccountMenu />
    </header>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 24 24" className="size-6 text-accent" fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" aria-hidden>
      <path d="M3 10.5v3M7.5 7v10M12 3v18M16.5 7.5v9M21 10.5v3" />
    </svg>
  );
}

function Connection() {
  const { stream } = useJobs();
  const lost = stream === "lost";
  return (
    <p role="status" className={cn("flex items-center gap-2 text-sm", lost ? "text-danger" : "sr-only")}>
      <span className={cn("size-2 rounded-full", lost ? "bg-danger" : "bg-good")} aria-hidden />
      {lost ? "Studio not reachable" : "Connected to the studio"}
    </p>
  );
}
