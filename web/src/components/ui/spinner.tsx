import { LoaderCircle } from "lucide-react";

import { cn } from "@/lib/cn";

/** Something is under way; the words beside it say what. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle className={cn("size-4 animate-spin", className)} aria-hidden />;
}

/** Stands where something will be in a moment. */
export function Loading({ label = "Loading" }: { label?: string }) {
  return (
    <p role="status" className="flex items-center gap-2 text-sm text-muted">
      <Spinner /> {label}
    </p>
  );
}
