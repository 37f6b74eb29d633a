import { X } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";

import { useFieldProps } from "./field";

interface TagInputProps {
  value: readonly string[];
  onChange: (value: string[]) => void;
  suggestions?: readonly string[];
  placeholder?: string;
  /** Whether the same tag may stand twice: the verses of a structure do. */
  repeat?: boolean;
}

/** A list of words: Enter or a comma adds one, Backspace takes the last back. */
export function TagInput({ value, onChange, suggestions = [], placeholder, repeat = false }: TagInputProps) {
  const [text, setText] = useState("");
  const listId = useId();
  const add = (raw: string) => {
    const fresh = raw.split(",").map((word) => word.trim()).filter((word) => word && (repeat || !value.includes(word)));
    if (fresh.length) onChange([...value, ...fresh]);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // Enter also chooses among the characters that an input method offers.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && text.trim() && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      add(text);
    } else if (event.key === "Backspace" && !text && value.length) {
      onChange(value.slice(0, -1));
    }
  };
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-1.5 rounded-lg border border-line bg-surface px-1.5 py-1 hover:border-edge has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-accent has-[input[aria-invalid]]:border-danger">
      {value.map((tag, index) => (
        <Tag key={`${tag}-${index}`} tag={tag} onRemove={() => onChange(value.filter((_, at) => at !== index))} />
      ))}
      <input
        {...useFieldProps()}
        dir="auto"
        value={text}
        list={listId}
        placeholder={value.length ? "" : placeholder}
        autoCapitalize="off"
        onChange={(event) => (event.target.value.endsWith(",") ? add(event.target.value) : setText(event.target.value))}
        onKeyDown={onKeyDown}
        onBlur={() => text.trim() && add(text)}
        className="h-7 min-w-24 flex-1 bg-transparent px-1.5 text-base outline-none placeholder:text-muted/80 sm:text-sm"
      />
      <datalist id={listId}>
        {suggestions.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
    </div>
  );
}

function Tag({ tag, onRemove }: { tag: string; onRemove: () => void }) {
  return (
    <span className="inline-flex h-7 max-w-full items-center gap-1 rounded-md bg-raised pl-2.5 text-sm">
      <span className="truncate">{tag}</span>
      <button type="button" onClick={onRemove} aria-label={`Remove ${tag}`} className="grid size-7 place-items-center rounded-md text-muted hover:text-ink">
        <X className="size-3.5" aria-hidden />
      </button>
    </span>
  );
}
