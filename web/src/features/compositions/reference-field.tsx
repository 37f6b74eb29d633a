"use client";

import { AudioLines, X } from "lucide-react";
import { useRef, type ChangeEvent, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Field, useFieldLabelId } from "@/components/ui/field";
import { Spinner } from "@/components/ui/spinner";
import { asProblem } from "@/lib/api/problem";

import type { SongForm } from "./form";
import { forgetSound, useReference } from "./reference";

interface ReferenceFieldProps {
  form: SongForm;
  error: ReactNode;
  onChange: (change: Partial<SongForm>) => void;
}

/** A sound of one's own that the song takes after where nothing else is said. */
export function ReferenceField({ form, error, onChange }: ReferenceFieldProps) {
  const send = useReference((sound) => onChange({ reference: sound.id, referenceName: sound.name }));
  const remove = () => {
    void forgetSound(form.reference);
    onChange({ reference: "", referenceName: "" });
  };
  const failure = send.isError ? asProblem(send.error).message : undefined;
  return (
    <Field group label="Like this sound" error={error ?? failure} hint="Its tempo, key and energy hold where neither the words nor the fields say. WAV, FLAC, OGG or MP3.">
      {form.reference && !send.isPending ? <Kept name={form.referenceName} onRemove={remove} /> : <Chooser pending={send.isPending} onChoose={(file) => send.mutate(file)} />}
    </Field>
  );
}

function Chooser({ pending, onChoose }: { pending: boolean; onChoose: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const labelId = useFieldLabelId();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    // The same file may be chosen again after it was refused.
    event.target.value = "";
    if (file) onChoose(file);
  };
  return (
    <>
      <input ref={input} type="file" accept="audio/*,.wav,.flac,.ogg,.mp3" onChange={choose} aria-labelledby={labelId} className="hidden" data-testid="reference" />
      <Button className="self-start" disabled={pending} onClick={() => input.current?.click()}>
        {pending ? <Spinner /> : <AudioLines aria-hidden />} {pending ? "Listening to it" : "Choose a sound"}
      </Button>
    </>
  );
}

function Kept({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <p className="flex min-h-10 items-center gap-2 rounded-lg bg-raised pl-3 text-sm">
      <AudioLines className="size-4 shrink-0 text-muted" aria-hidden />
      <span className="min-w-0 flex-1 truncate" dir="auto" title={name}>{name}</span>
      <Button variant="quiet" size="icon" onClick={onRemove} aria-label={`Remove ${name}`}>
        <X aria-hidden />
      </Button>
    </p>
  );
}
