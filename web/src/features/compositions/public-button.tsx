"use client";

import { Globe, Lock } from "lucide-react";

import { Button } from "@/components/ui/button";
import { useMe } from "@/features/accounts/api";

import { useChangeSong } from "./api";
import type { Song } from "./model";

/** Who may hear one's song, where there are others who could. */
export function PublicButton({ song }: { song: Song }) {
  const { data: me } = useMe();
  const change = useChangeSong(song.id);
  if (me?.mode !== "server" || me.id !== song.ownerId) return null;
  const shown = change.isPending ? !song.isPublic : song.isPublic;
  return (
    <Button
      aria-pressed={shown}
      disabled={change.isPending}
      title={shown ? "Everyone may hear this song; press to keep it to yourself" : "Only you may hear this song; press to let everyone hear it"}
      onClick={() => change.mutate({ public: !song.isPublic })}
    >
      {shown ? <Globe aria-hidden /> : <Lock aria-hidden />} {shown ? "Public" : "Private"}
    </Button>
  );
}
