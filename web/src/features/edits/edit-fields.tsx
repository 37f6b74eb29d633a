import { ToggleGroup } from "radix-ui";
import { useId, type ReactNode } from "react";

import { Chip } from "@/components/ui/chip";
import { Field, Input, Textarea, useFieldLabelId } from "@/components/ui/field";
import { Select, type Option } from "@/components/ui/select";
import { TagInput } from "@/components/ui/tag-input";
import { SUGGESTIONS } from "@/features/compositions/limits";
import type { Section, Take } from "@/features/takes/model";
import { accidentals, title } from "@/lib/format";

import { EVERYTHING, HARMONY, NOTHING, PLACES, TONICS, type EditErrors, type EditField, type EditForm } from "./model";

export interface EditFieldsProps {
  form: EditForm;
  errors: EditErrors;
  take: Take;
  sections: Section[];
  /** The song's key, "C# minor". */
  songKey: string | null;
  onChange: (change: Partial<EditForm>) => void;
}

const AS_IT_IS: Option = { value: NOTHING, label: "As it is" };
const NOBODY: Option = { value: NOTHING, label: "Nobody" };
const LEVELS: Option[] = [
  AS_IT_IS,
  { value: "0.1", label: "Very calm" },
  { value: "0.3", label: "Calm" },
  { value: "0.5", label: "In the middle" },
  { value: "0.75", label: "Lively" },
  { value: "1", label: "As lively as can be" },
];

const named = ({ name }: { name: string }): Option => ({ value: name, label: title(name) });

/** What is asked for most: a part or a stretch anew, another tempo, another key. */
export function MainFields(props: EditFieldsProps) {
  const { form, errors, take, sections, songKey, onChange } = props;
  const mode = songKey?.split(" ").slice(1).join(" ") ?? "";
  const tonics = TONICS.map((tonic) => ({ value: tonic, label: accidentals(`${tonic} ${mode}`.trim()) }));
  const parts = [...take.stems.map(named), { value: HARMONY, label: "The chords" }, { value: EVERYTHING, label: "Every part" }];
  return (
    <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
      <Choice {...props} name="part" label="Make anew" options={[{ value: NOTHING, label: "Nothing" }, ...parts]} />
      <Choice {...props} name="section" label="In" options={[{ value: EVERYTHING, label: "The whole song" }, ...sections.map(named)]} />
      <Field label="Tempo (BPM)" error={errors.bpm?.message}>
        <Input inputMode="decimal" placeholder="As it is" value={form.bpm} onChange={(event) => onChange({ bpm: event.target.value })} />
      </Field>
      <Choice {...props} name="tonic" label="Key" options={[AS_IT_IS, ...tonics]} />
    </div>
  );
}

/** The players of the band: who plays what, who leaves, who joins, who is left alone. */
export function BandFields(props: EditFieldsProps) {
  const { form, take, onChange } = props;
  const stems = take.stems.map(named);
  const taken = (place: string) => (place === "lead" || place === "bass") && take.stems.some(({ name }) => name === place);
  const places = PLACES.filter((place) => !taken(place)).map((name) => named({ name }));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice {...props} name="player" label="Another instrument for" options={[NOBODY, ...stems]} />
        <Instrument {...props} name="instrument" label="Played on" placeholder="electric piano" disabled={form.player === NOTHING} />
        <Choice {...props} name="added" label="One more player for" options={[NOBODY, ...places]} />
        <Instrument {...props} name="addedInstrument" label="Who plays" placeholder="what the style would take" disabled={form.added === NOTHING} />
        <Choice {...props} name="silent" label="Silence" options={[NOBODY, ...stems, { value: EVERYTHING, label: "Everybody" }]} />
      </div>
      <Field group label="Keep as they are" hint="These stems stay, whatever else changes." error={errorOf(props, "locks")}>
        <Stems options={stems} value={form.locks} onChange={(locks) => onChange({ locks })} />
      </Field>
    </>
  );
}

/** Mood, energy, length and words. */
export function SongFields(props: EditFieldsProps) {
  const { form, errors, sections, onChange } = props;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice {...props} name="energy" label="Energy" options={LEVELS} />
        <Field label="Moods" error={errorOf(props, "moods")}>
          <TagInput value={form.moods} onChange={(moods) => onChange({ moods })} suggestions={SUGGESTIONS.moods} placeholder="dreamy" />
        </Field>
        <Choice {...props} name="again" label="Play once more" options={[{ value: NOTHING, label: "No section" }, ...sections.map(named)]} />
        <Field label="Lengthen to (seconds)" error={errors.duration?.message}>
          <Input inputMode="decimal" placeholder="As it is" value={form.duration} onChange={(event) => onChange({ duration: event.target.value })} />
        </Field>
      </div>
      <Field label="New words" hint="Mark sections as [verse] and [chorus]; without marks they go where “In” says." error={errorOf(props, "lyrics")}>
        <Textarea value={form.lyrics} onChange={(event) => onChange({ lyrics: event.target.value })} rows={4} />
      </Field>
    </>
  );
}

type ChoiceField = "part" | "section" | "tonic" | "player" | "energy" | "silent" | "added" | "again";

function Choice({ name, label, options, ...props }: EditFieldsProps & { name: ChoiceField; label: string; options: readonly Option[] }) {
  return (
    <Field label={label} error={props.errors[name]?.message}>
      <Select value={props.form[name]} onChange={(value) => props.onChange({ [name]: value })} options={options} />
    </Field>
  );
}

interface InstrumentProps extends EditFieldsProps {
  name: "instrument" | "addedInstrument";
  label: string;
  placeholder: string;
  disabled: boolean;
}

function Instrument({ name, label, placeholder, disabled, ...props }: InstrumentProps) {
  const listId = useId();
  return (
    <Field label={label} error={errorOf(props, name)}>
      <Input
        list={listId}
        autoComplete="off"
        placeholder={placeholder}
        disabled={disabled}
        value={props.form[name]}
        onChange={(event) => props.onChange({ [name]: event.target.value })}
        className="disabled:opacity-50"
      />
      <datalist id={listId}>
        {SUGGESTIONS.instruments.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
    </Field>
  );
}

function Stems({ options, value, onChange }: { options: Option[]; value: string[]; onChange: (value: string[]) => void }) {
  return (
    <ToggleGroup.Root type="multiple" value={value} onValueChange={onChange} aria-labelledby={useFieldLabelId()} className="flex flex-wrap gap-2">
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="rounded-full border border-line bg-surface px-3 py-1 text-sm text-muted transition-colors hover:border-accent hover:text-ink data-[state=on]:border-accent data-[state=on]:bg-wash data-[state=on]:text-accent"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

/** The sentence about a field, with the nearest valid words to press where words are typed. */
function errorOf({ errors, form, onChange }: EditFieldsProps, field: EditField): ReactNode {
  const error = errors[field];
  if (!error) return undefined;
  const take = (choice: string) => {
    const value = form[field];
    onChange({ [field]: Array.isArray(value) ? [...value.slice(0, -1), choice] : choice });
  };
  const choices = field === "instrument" || field === "addedInstrument" || field === "moods" ? error.choices.slice(0, 6) : [];
  return (
    <>
      <p>{error.message}</p>
      {choices.length > 0 && (
        <div role="group" aria-label="Did you mean" className="mt-2 flex flex-wrap gap-1.5">
          {choices.map((choice) => (
            <Chip key={choice} onClick={() => take(choice)}>{choice}</Chip>
          ))}
        </div>
      )}
    </>
  );
}
