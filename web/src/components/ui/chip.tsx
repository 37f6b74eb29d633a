import type { ComponentProps, ReactNode } from "react";

import { cn } from "@/lib/cn";

/** A small button that puts a ready-made value somewhere. */
export function Chip({ className, ...props }: ComponentProps<"button">) {
  return (
    <button
      type="button"
      className={cn("rounded-full border border-line bg-surface px-3 py-1 text-left text-sm text-muted transition-colors hover:border-accent hover:text-ink", className)}
      {...props}
    />
  );
}

/** A fact in a word or two. */
export function Badge({ children, className }: { children: ReactNode; className?: string }) {
  return <span className={cn("inline-flex items-center rounded-md bg-raised px-2 py-0.5 text-xs font-medium text-muted", className)}>{children}</span>;
}
