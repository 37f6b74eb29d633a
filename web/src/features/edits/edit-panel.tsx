"use client";

import { WandSparkles } from "lucide-react";
import { useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Spinner } from "@/components/ui/spinner";
import type { Section, Take } from "@/features/takes/model";
import { asProblem } from "@/lib/api/problem";
import { accidentals, title } from "@/lib/format";

import { useEditSong } from "./api";
import { EVERYTHING, HARMONY, isEdit, kept, NO_EDIT, NOTHING, tempoError, toEdit, TONICS, type EditForm } from "./model";

interface EditPanelProps {
  take: Take;
  sections: Section[];
  /** The song's key, "C# minor". */
  songKey: string | null;
  /** The stem whose pencil was pressed. */
  part: string | undefined;
  onEdited: (compositionId: string) => void;
}

/** Changes one thing of a finished song; the answer is a new song beside this one. */
export function EditPanel({ take, sections, songKey, part, onEdited }: EditPanelProps) {
  const [form, setForm] = useState<EditForm>({ ...NO_EDIT, part: part ?? NOTHING });
  const edit = useEditSong(take.compositionId, onEdited);
  const update = (change: Partial<EditForm>) => setForm((known) => ({ ...known, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isEdit(form) || tempoError(form) || edit.isPending) return;
    edit.mutate(toEdit(form, { key: songKey, sections, take: take.number, seed: Math.floor(Math.random() * 2 ** 31) }));
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Edit this song">
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <Field label="Make anew">
          <Select value={form.part} onChange={(value) => update({ part: value })} options={partOptions(take)} />
        </Field>
        <Field label="In">
          <Select value={form.section} onChange={(section) => update({ section })} options={sectionOptions(sections)} />
        </Field>
        <Field label="Tempo" error={tempoError(form)}>
          <Input inputMode="decimal" placeholder="As it is" value={form.bpm} onChange={(event) => update({ bpm: event.target.value })} />
        </Field>
        <Field label="Key">
          <Select value={form.tonic} onChange={(tonic) => update({ tonic })} options={keyOptions(songKey)} />
        </Field>
      </div>
      {edit.isError && <p role="alert" className="mt-4 rounded-lg bg-danger-wash px-3 py-2 text-sm text-danger">{asProblem(edit.error).message}</p>}
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-sm text-muted">{kept(form, take.stems)}</p>
        <Button type="submit" variant="primary" disabled={!isEdit(form) || tempoError(form) !== null || edit.isPending}>
          {edit.isPending ? <Spinner /> : <WandSparkles aria-hidden />} Make the edit
        </Button>
      </div>
    </form>
  );
}

function partOptions({ stems }: Take) {
  return [
    { value: NOTHING, label: "Nothing" },
    ...stems.map(({ name }) => ({ value: name, label: title(name) })),
    { value: HARMONY, label: "The chords" },
    { value: EVERYTHING, label: "Every part" },
  ];
}

function sectionOptions(sections: Section[]) {
  return [{ value: EVERYTHING, label: "The whole song" }, ...sections.map(({ name }) => ({ value: name, label: title(name) }))];
}

function keyOptions(songKey: string | null) {
  const mode = songKey?.split(" ").slice(1).join(" ") ?? "";
  return [{ value: NOTHING, label: "As it is" }, ...TONICS.map((tonic) => ({ value: tonic, label: accidentals(`${tonic} ${mode}`.trim()) }))];
}
