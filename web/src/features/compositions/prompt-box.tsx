import type { KeyboardEvent } from "react";

import { Chip } from "@/components/ui/chip";
import { Field, Textarea } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";

import { EXAMPLES } from "./examples";
import type { FormErrors, SongForm } from "./form";
import { LIMITS } from "./limits";

interface PromptBoxProps {
  form: SongForm;
  errors: FormErrors;
  onChange: (change: Partial<SongForm>) => void;
  onSubmit: () => void;
}

const TAKES = Array.from({ length: LIMITS.takes[1] }, (_, index) => ({ value: String(index + 1), label: String(index + 1) }));

export function PromptBox({ form, errors, onChange, onSubmit }: PromptBoxProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSubmit();
    }
  };
  const left = LIMITS.promptCharacters - [...form.prompt].length;
  const hint = left < 500 ? `${left.toLocaleString("en")} characters left.` : "Style, mood, tempo, key, instruments, length: say what matters to you.";
  return (
    <>
      <Field label="Describe your song" hint={hint} error={errors.prompt?.message}>
        <Textarea
          name="prompt"
          value={form.prompt}
          onChange={(event) => onChange({ prompt: event.target.value })}
          onKeyDown={onKeyDown}
          rows={4}
          placeholder="dreamy synthwave about night drives, 100 bpm, A minor, 60 seconds"
          className="min-h-30 text-base sm:text-base"
        />
      </Field>
      <div role="group" aria-label="Examples" className="mt-3 flex flex-wrap gap-2">
        {EXAMPLES.map(({ label, prompt }) => (
          <Chip key={label} title={prompt} onClick={() => onChange({ prompt })}>
            {label}
          </Chip>
        ))}
      </div>
      <Field group label="Takes" className="mt-5" hint="Several takes of one prompt differ as a band’s would." error={errors.takes?.message}>
        <Segmented value={String(form.takes)} onChange={(takes) => onChange({ takes: Number(takes) })} options={TAKES} />
      </Field>
    </>
  );
}
