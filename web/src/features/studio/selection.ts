"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** The song that is open, kept in the address (`/?song=<id>`) so it can be shared, reloaded and gone back from. */
export function useSelection(): [string | null, (id: string | null) => void] {
  const selected = useSearchParams().get("song");
  const select = useCallback((id: string | null) => {
    window.history.pushState(null, "", id ? `/?song=${encodeURIComponent(id)}` : "/");
  }, []);
  return [selected, select];
}
