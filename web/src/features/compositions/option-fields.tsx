import { useId, type ReactNode } from "react";

import { Chip } from "@/components/ui/chip";
import { Field, Input, Textarea } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { TagInput } from "@/components/ui/tag-input";

import type { FormErrors, FormField, SongForm } from "./form";
import { LIMITS, SECTIONS, SUGGESTIONS, TIME_SIGNATURES } from "./limits";
import { ReferenceField } from "./reference-field";

type TextField = { [Name in FormField]: SongForm[Name] extends string ? Name : never }[FormField];
type ListField = { [Name in FormField]: SongForm[Name] extends string[] ? Name : never }[FormField];

// Radix reserves the empty string for "nothing chosen".
const ANY = "any";
const METRES = [{ value: ANY, label: "Any" }, ...TIME_SIGNATURES.map((name) => ({ value: name, label: name }))];
const VOCALS = [
  { value: "auto", label: "Auto" },
  { value: "sung", label: "Sung" },
  { value: "instrumental", label: "Instrumental" },
];

export interface OptionsProps {
  form: SongForm;
  errors: FormErrors;
  onChange: (change: Partial<SongForm>) => void;
  onChoose: (field: FormField, choice: string) => void;
}

/** Tempo, length, key and metre. */
export function TimeFields(props: OptionsProps) {
  const { form, onChange } = props;
  return (
    <div className="grid grid-cols-2 gap-4">
      <TextOption {...props} name="duration" label="Length (seconds)" inputMode="decimal" placeholder="60" />
      <TextOption {...props} name="bpm" label="Tempo (BPM)" inputMode="decimal" placeholder="100" />
      <TextOption {...props} name="key" label="Key" placeholder="A minor" suggestions={SUGGESTIONS.key} />
      <Field label="Metre" error={errorOf(props, "timeSignature")}>
        <Select
          value={form.timeSignature || ANY}
          onChange={(metre) => onChange({ timeSignature: metre === ANY ? "" : metre })}
          options={METRES}
        />
      </Field>
    </div>
  );
}

/** Style, mood, players and form. */
export function BandFields(props: OptionsProps) {
  return (
    <>
      <ListOption {...props} name="genres" label="Genres" placeholder="synthwave" hint="Blend up to four: “synthwave:0.7” weighs one more." suggestions={SUGGESTIONS.genres} />
      <ListOption {...props} name="moods" label="Moods" placeholder="dreamy" suggestions={SUGGESTIONS.moods} />
      <ListOption {...props} name="instruments" label="Instruments" placeholder="electric piano" suggestions={SUGGESTIONS.instruments} />
      <ListOption {...props} name="without" label="Without" placeholder="drums" suggestions={SUGGESTIONS.instruments} />
      <ListOption {...props} name="structure" label="Structure" placeholder="intro, verse, chorus" suggestions={SECTIONS} repeat />
    </>
  );
}

/** Singing, lyrics, a sound to take after, and the seed. */
export function WordFields(props: OptionsProps) {
  const { form, onChange } = props;
  return (
    <>
      <Field group label="Vocals" error={errorOf(props, "vocals")}>
        <Segmented value={form.vocals} onChange={(vocals) => onChange({ vocals: vocals as SongForm["vocals"] })} options={VOCALS} />
      </Field>
      <Field label="Lyrics" error={errorOf(props, "lyrics")} hint="Your own words; mark sections as [verse] and [chorus].">
        <Textarea name="lyrics" value={form.lyrics} onChange={(event) => onChange({ lyrics: event.target.value })} rows={5} />
      </Field>
      <ReferenceField form={form} error={errorOf(props, "reference")} onChange={onChange} />
      <TextOption {...props} name="seed" label="Seed" inputMode="numeric" placeholder="0" hint={`The same seed makes the same song again; 0 to ${LIMITS.seed}.`} />
    </>
  );
}

interface TextOptionProps extends OptionsProps {
  name: TextField;
  label: string;
  hint?: string;
  placeholder?: string;
  inputMode?: "decimal" | "numeric";
  suggestions?: readonly string[];
}

function TextOption({ name, label, hint, placeholder, inputMode, suggestions, ...props }: TextOptionProps) {
  const listId = useId();
  return (
    <Field label={label} hint={hint} error={errorOf(props, name)}>
      <Input
        name={name}
        value={props.form[name]}
        onChange={(event) => props.onChange({ [name]: event.target.value })}
        placeholder={placeholder}
        inputMode={inputMode}
        autoComplete="off"
        list={suggestions && listId}
      />
      {suggestions && (
        <datalist id={listId}>
          {suggestions.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
    </Field>
  );
}

interface ListOptionProps extends OptionsProps {
  name: ListField;
  label: string;
  hint?: string;
  placeholder?: string;
  suggestions?: readonly string[];
  repeat?: boolean;
}

function ListOption({ name, label, hint, placeholder, suggestions, repeat, ...props }: ListOptionProps) {
  return (
    <Field label={label} hint={hint} error={errorOf(props, name)}>
      <TagInput value={props.form[name]} onChange={(tags) => props.onChange({ [name]: tags })} suggestions={suggestions} placeholder={placeholder} repeat={repeat} />
    </Field>
  );
}

/** The sentence about a field, with the nearest valid values to press. */
function errorOf({ errors, onChoose }: OptionsProps, field: FormField): ReactNode {
  const error = errors[field];
  if (!error) return undefined;
  return (
    <>
      <p>{error.message}</p>
      {error.choices.length > 0 && (
        <div role="group" aria-label="Did you mean" className="mt-2 flex flex-wrap gap-1.5">
          {error.choices.slice(0, 6).map((choice) => (
            <Chip key={choice} onClick={() => onChoose(field, choice)}>
              {choice}
            </Chip>
          ))}
        </div>
      )}
    </>
  );
}
