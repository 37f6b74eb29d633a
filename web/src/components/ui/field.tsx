import { createContext, use, useId, type ComponentProps, type ReactNode } from "react";

import { cn } from "@/lib/cn";

interface FieldIds {
  control: string;
  label: string;
  describedBy: string | undefined;
  invalid: boolean;
}

const FieldContext = createContext<FieldIds | null>(null);

/** Props that tie a form control to the label, hint and error of the `Field` around it. */
export function useFieldProps() {
  const ids = use(FieldContext);
  if (!ids) return {};
  return { id: ids.control, "aria-describedby": ids.describedBy, "aria-invalid": ids.invalid || undefined };
}

/** The id of the visible label, for controls that are groups and not form elements. */
export function useFieldLabelId(): string | undefined {
  return use(FieldContext)?.label;
}

interface FieldProps {
  label: string;
  hint?: string;
  error?: ReactNode;
  className?: string;
  /** The control is a group of buttons, which a label element cannot name. */
  group?: boolean;
  children: ReactNode;
}

/** A labelled control with a hint below it, or the error in the hint's place. */
export function Field({ label, hint, error, className, group = false, children }: FieldProps) {
  const id = useId();
  const note = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  const ids = { control: `${id}-control`, label: `${id}-label`, describedBy: note, invalid: Boolean(error) };
  return (
    <FieldContext value={ids}>
      <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
        {group ? <span id={ids.label} className="text-sm font-medium">{label}</span> : <Label ids={ids}>{label}</Label>}
        {children}
        <Note id={note} hint={hint} error={error} />
      </div>
    </FieldContext>
  );
}

function Label({ ids, children }: { ids: FieldIds; children: string }) {
  return (
    <label id={ids.label} htmlFor={ids.control} className="text-sm font-medium">
      {children}
    </label>
  );
}

function Note({ id, hint, error }: { id: string | undefined } & Pick<FieldProps, "hint" | "error">) {
  if (error) return <div id={id} role="alert" className="text-sm text-danger">{error}</div>;
  return hint ? <p id={id} className="text-xs text-muted">{hint}</p> : null;
}

const control =
  "w-full rounded-lg border border-line bg-surface px-3 text-base text-ink placeholder:text-muted/80 transition-colors " +
  "hover:border-edge aria-invalid:border-danger sm:text-sm";

/** A single-line text control. */
export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input dir="auto" {...useFieldProps()} className={cn(control, "h-10", className)} {...props} />;
}

/** A multi-line text control. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea dir="auto" {...useFieldProps()} className={cn(control, "min-h-24 resize-y py-2.5 leading-relaxed", className)} {...props} />;
}
