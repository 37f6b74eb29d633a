"use client";

import { Check, Pencil, X } from "lucide-react";
import { useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { asProblem } from "@/lib/api/problem";

import { useChangeSong } from "./api";
import { LIMITS } from "./limits";
import { titleOf, type Song } from "./model";

/** A song's title, and the way to give one's own another. */
export function SongTitle({ song, mine }: { song: Song; mine: boolean }) {
  const [editing, setEditing] = useState(false);
  // The focus goes back to where it came from, and stays away from a song that was just opened.
  const [edited, setEdited] = useState(false);
  const done = () => (setEditing(false), setEdited(true));
  if (editing) return <TitleForm song={song} onDone={done} />;
  return (
    <div className="flex min-w-0 items-start gap-1">
      <h1 className="min-w-0 text-2xl font-semibold tracking-tight break-words" dir="auto">{titleOf(song)}</h1>
      {mine && (
        <Button variant="quiet" size="icon-sm" onClick={() => setEditing(true)} autoFocus={edited} aria-label="Rename this song">
          <Pencil aria-hidden />
        </Button>
      )}
    </div>
  );
}

function TitleForm({ song, onDone }: { song: Song; onDone: () => void }) {
  const [title, setTitle] = useState(song.title);
  const rename = useChangeSong(song.id, false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim()) rename.mutate({ title: title.trim() }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="min-w-0 flex-1" onKeyDown={(event) => event.key === "Escape" && onDone()}>
      <div className="flex gap-2">
        <Input
          aria-label="Title"
          value={title}
          maxLength={LIMITS.titleCharacters}
          onChange={(event) => setTitle(event.target.value)}
          autoFocus
          className="text-lg font-semibold sm:text-lg"
        />
        <Button type="submit" variant="primary" size="icon" aria-label="Save the title" disabled={!title.trim() || rename.isPending}>
          <Check aria-hidden />
        </Button>
        <Button size="icon" onClick={onDone} aria-label="Keep the old title">
          <X aria-hidden />
        </Button>
      </div>
      {rename.isError && <p role="alert" className="mt-2 text-sm text-danger">{asProblem(rename.error).message}</p>}
    </form>
  );
}
