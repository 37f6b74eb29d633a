"use client";

import { Sparkles } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { asProblem, type Problem } from "@/lib/api/problem";

import { useMakeSong } from "./api";
import { applyChoice, errorsFrom, validate, type FormErrors, type FormField, type SongForm } from "./form";
import { OptionsPanel } from "./options-panel";
import { PromptBox } from "./prompt-box";

interface ComposerProps {
  form: SongForm;
  onChange: (form: SongForm) => void;
  onMade: (compositionId: string) => void;
}

/** The form: a prompt, and whatever the listener wants to fix. */
export function Composer({ form, onChange, onMade }: ComposerProps) {
  const make = useMakeSong(onMade);
  const [errors, setErrors] = useState<FormErrors>({});
  const element = useRef<HTMLFormElement>(null);
  // Set when somebody asked for a song and was refused: the first field at fault is then gone to, once it is there.
  const refused = useRef(false);
  const refuse = (found: FormErrors) => {
    refused.current = true;
    setErrors(found);
  };
  useEffect(() => {
    if (refused.current) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    refused.current = false;
  }, [errors]);
  // What is heard of a sound comes late: it must not take back what was written meanwhile.
  const latest = useRef(form);
  latest.current = form;
  const update = (change: Partial<SongForm>) => {
    onChange({ ...latest.current, ...change });
    setErrors((known) => without(known, Object.keys(change)));
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (make.isPending) return;
    const found = validate(form);
    make.reset();
    refuse(found);
    if (Object.keys(found).length) return;
    make.mutate(form, { onError: (error) => refuse(errorsFrom(asProblem(error).fields)) });
  };
  const choose = (field: FormField, choice: string) => {
    onChange(applyChoice(form, field, choice, errors[field]?.message ?? ""));
    setErrors((known) => without(known, [field]));
  };
  const rest = make.error && unplaced(asProblem(make.error));
  return (
    <form ref={element} onSubmit={submit} noValidate aria-label="Make a song" className="rounded-2xl border border-line bg-surface p-5 shadow-sm">
      <PromptBox form={form} errors={errors} onChange={update} onSubmit={() => submit()} />
      <OptionsPanel form={form} errors={errors} onChange={update} onChoose={choose} />
      {rest && <p role="alert" className="mt-4 rounded-lg bg-danger-wash px-3 py-2 text-sm text-danger">{rest}</p>}
      <Button type="submit" variant="primary" size="lg" className="mt-5 w-full" disabled={make.isPending}>
        {make.isPending ? <Spinner /> : <Sparkles aria-hidden />}
        {form.takes > 1 ? `Make ${form.takes} takes` : "Make song"}
      </Button>
    </form>
  );
}

function without(errors: FormErrors, fields: readonly string[]): FormErrors {
  return Object.fromEntries(Object.entries(errors).filter(([field]) => !fields.includes(field)));
}

/** What a problem says, unless a field of the form says it already. */
function unplaced({ fields, message }: Problem): string | null {
  return Object.keys(errorsFrom(fields)).length ? null : message;
}
