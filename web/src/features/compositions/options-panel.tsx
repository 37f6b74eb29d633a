import { ChevronDown } from "lucide-react";
import { Collapsible } from "radix-ui";
import { useState } from "react";

import { Badge } from "@/components/ui/chip";

import { EMPTY_FORM, optionsSet } from "./form";
import { BandFields, type OptionsProps, TimeFields, WordFields } from "./option-fields";

const { prompt: _prompt, takes: _takes, ...EMPTY_OPTIONS } = EMPTY_FORM;

/** Everything that may be fixed; opens by itself when something in it is at fault. */
export function OptionsPanel(props: OptionsProps) {
  const { form, errors, onChange } = props;
  const [open, setOpen] = useState(false);
  // At each refusal anew, and in the same rendering, so that the field at fault is there to be gone to.
  const [seen, setSeen] = useState(errors);
  if (errors !== seen) {
    setSeen(errors);
    if (Object.keys(errors).some((field) => field in EMPTY_OPTIONS)) setOpen(true);
  }
  const set = optionsSet(form);
  const clear = () => onChange({ ...EMPTY_OPTIONS });
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen} className="mt-5 border-t border-line pt-4">
      <div className="flex items-center justify-between gap-3">
        <Collapsible.Trigger className="group -ml-1 flex items-center gap-2 rounded-md px-1 py-1 text-sm font-medium">
          <ChevronDown className="size-4 text-muted transition-transform group-data-[state=closed]:-rotate-90" aria-hidden />
          Options
          {set > 0 && <Badge className="bg-wash text-accent">{set} set</Badge>}
        </Collapsible.Trigger>
        {set > 0 && (
          <button type="button" onClick={clear} className="rounded-md px-1 text-sm text-muted hover:text-ink">
            Clear
          </button>
        )}
      </div>
      <Collapsible.Content className="flex flex-col gap-5 pt-4">
        <p className="text-xs text-muted">What you set here wins over the words; what you leave empty they decide.</p>
        <TimeFields {...props} />
        <BandFields {...props} />
        <WordFields {...props} />
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
