"use client";

import { X } from "lucide-react";

import { Button } from "@/components/ui/button";

/** What went wrong where no place on the page is its own; stays until it is put away. */
export function Notice({ text, onClose }: { text: string | null; onClose: () => void }) {
  return (
    <div role="alert" className="pointer-events-none fixed inset-x-4 bottom-4 z-40 flex justify-center">
      {text && (
        <p className="pointer-events-auto flex max-w-lg items-center gap-3 rounded-xl border border-danger/40 bg-danger-wash py-2 pr-2 pl-4 text-sm text-danger shadow-lg">
          <span className="min-w-0 break-words">{text}</span>
          <Button variant="quiet" size="icon-sm" onClick={onClose} aria-label="Put this message away">
            <X aria-hidden />
          </Button>
        </p>
      )}
    </div>
  );
}
