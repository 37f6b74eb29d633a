import { AlertDialog } from "radix-ui";

import { Button } from "./button";
import { Spinner } from "./spinner";

interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: string;
  action: string;
  /** Under way: it cannot be asked for twice. */
  pending: boolean;
  /** Why it did not happen. */
  error: string | null;
  onConfirm: () => void;
  /** What has the focus afterwards, where it is not what had it before. */
  returnTo?: () => HTMLElement | null | undefined;
}

/** Asks once more before something that cannot be undone; stays until it is done, and says so where it is not. */
export function Confirm({ open, onOpenChange, title, description, action, pending, error, onConfirm, returnTo }: ConfirmProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <AlertDialog.Content
          onCloseAutoFocus={(event) => {
            const next = returnTo?.();
            if (!next) return;
            event.preventDefault();
            next.focus();
          }}
          className="fixed top-1/2 left-1/2 z-50 w-[min(26rem,calc(100vw-2rem))] -translate-1/2 rounded-2xl border border-line bg-surface p-6 shadow-xl"
        >
          <AlertDialog.Title className="text-lg font-semibold break-words" dir="auto">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-muted">{description}</AlertDialog.Description>
          {error && <p role="alert" className="mt-4 text-sm text-danger">{error}</p>}
          <div className="mt-6 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Keep</Button>
            </AlertDialog.Cancel>
            <Button variant="danger" onClick={onConfirm} disabled={pending}>
              {pending && <Spinner />} {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
