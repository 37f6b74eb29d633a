"use client";

import { Heart } from "lucide-react";

import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

import { useFavorite } from "./api";

interface FavoriteButtonProps {
  takeId: string;
  /** What the mark is on, for those who cannot see where the button stands. */
  name: string;
  marked: boolean;
  size?: "icon" | "icon-sm";
}

/** A heart, filled for a favourite; pressing it turns it over at once and tells the studio. */
export function FavoriteButton({ takeId, name, marked, size = "icon-sm" }: FavoriteButtonProps) {
  const change = useFavorite(takeId);
  // Until the lists are fetched again, what was asked for is what is shown; a refusal puts it back.
  const shown = change.isPending && change.variables !== undefined ? change.variables : marked;
  return (
    <Button
      variant="quiet"
      size={size}
      aria-pressed={shown}
      aria-label={`Favourite ${name}`}
      title={shown ? "Take out of the favourites" : "Add to the favourites"}
      onClick={() => change.mutate(!shown)}
    >
      <Heart className={cn(shown && "text-accent")} fill={shown ? "currentColor" : "none"} aria-hidden />
    </Button>
  );
}
