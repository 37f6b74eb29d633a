"use client";

import { ChevronDown, WandSparkles } from "lucide-react";
import { Collapsible } from "radix-ui";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Badge } from "@/components/ui/chip";
import { Spinner } from "@/components/ui/spinner";
import type { Section, Take } from "@/features/takes/model";
import { asProblem } from "@/lib/api/problem";

import { useEditSong } from "./api";
import { BandFields, MainFields, SongFields } from "./edit-fields";
import { changes, errorsFrom, isEdit, kept, NO_EDIT, NOTHING, toEdit, validate, type EditErrors, type EditField, type EditForm } from "./model";

interface EditPanelProps {
  take: Take;
  sections: Section[];
  /** The song's key, "C# minor". */
  songKey: string | null;
  /** The stem whose pencil was pressed: the form is about it, and has the focus. */
  part: string | undefined;
  onEdited: (compositionId: string) => void;
}

/** The fields in sight at once; the others are opened. */
const MAIN: readonly EditField[] = ["part", "section", "bpm", "tonic"];

/** Changes one thing of a finished song, or several; the answer is a new song beside this one. */
export function EditPanel({ take, sections, songKey, part, onEdited }: EditPanelProps) {
  const [form, setForm] = useState<EditForm>({ ...NO_EDIT, part: part ?? NOTHING });
  const [refused, setRefused] = useState<EditErrors>({});
  const edit = useEditSong(take.compositionId, onEdited);
  const element = useRef<HTMLFormElement>(null);
  const found = validate(form);
  const errors = { ...refused, ...found };
  const ready = isEdit(form) && !Object.keys(found).length && !edit.isPending;
  useEffect(() => {
    if (part) element.current?.querySelector("button")?.focus();
  }, [part]);
  useEffect(() => {
    if (Object.keys(refused).length) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refused]);
  const update = (change: Partial<EditForm>) => {
    setForm((known) => ({ ...known, ...change }));
    // Which of two fields that do not go together was at fault is not known: any change may have mended it.
    setRefused({});
    edit.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const wanted = toEdit(form, { key: songKey, sections, take: take.number, seed: Math.floor(Math.random() * 2 ** 31) });
    edit.mutate(wanted, { onError: (error) => setRefused(errorsFrom(asProblem(error).fields)) });
  };
  const fields = { form, errors, take, sections, songKey, onChange: update };
  return (
    <form ref={element} onSubmit={submit} noValidate aria-label="Edit this song">
      <MainFields {...fields} />
      <More form={form} errors={errors}>
        <BandFields {...fields} />
        <SongFields {...fields} />
      </More>
      {edit.isError && !Object.keys(refused).length && (
        <p role="alert" className="mt-4 rounded-lg bg-danger-wash px-3 py-2 text-sm text-danger">{asProblem(edit.error).message}</p>
      )}
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-sm text-muted">{kept(form, take.stems)}</p>
        <Button type="submit" variant="primary" disabled={!ready}>
          {edit.isPending ? <Spinner /> : <WandSparkles aria-hidden />} Make the edit
        </Button>
      </div>
    </form>
  );
}

/** Everything else that can be changed; opens by itself when something in it is at fault. */
function More({ form, errors, children }: { form: EditForm; errors: EditErrors; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const atFault = Object.keys(errors).filter((field) => !MAIN.includes(field as EditField)).join();
  const [seen, setSeen] = useState("");
  if (atFault !== seen) {
    setSeen(atFault);
    if (atFault) setOpen(true);
  }
  const set = changes(form).filter((field) => !MAIN.includes(field)).length;
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen} className="mt-5">
      <Collapsible.Trigger className="group -ml-1 flex items-center gap-2 rounded-md px-1 py-1 text-sm font-medium">
        <ChevronDown className="size-4 text-muted transition-transform group-data-[state=closed]:-rotate-90" aria-hidden />
        Players, energy, length, words
        {set > 0 && <Badge className="bg-wash text-accent">{set} set</Badge>}
      </Collapsible.Trigger>
      <Collapsible.Content className="flex flex-col gap-5 pt-4">{children}</Collapsible.Content>
    </Collapsible.Root>
  );
}
