"use client";

import { Check, Copy, Trash2 } from "lucide-react";
import { useRef, useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { Badge } from "@/components/ui/chip";
import { Confirm } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Loading } from "@/components/ui/spinner";
import { asProblem } from "@/lib/api/problem";
import { ago } from "@/lib/format";

import { useCreateKey, useKeys, useRevokeKey, type ApiKey, type Scope } from "./api";
import { Section } from "./section";

const RIGHTS: { value: string; label: string; scopes: Scope[] }[] = [
  { value: "read", label: "Read only", scopes: ["read"] },
  { value: "write", label: "Read and make songs", scopes: ["read", "write"] },
];
const LIVES = [
  { value: "30", label: "30 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until revoked" },
];

/** The keys with which one's programs use the API. */
export function KeysSection() {
  const keys = useKeys();
  const create = useCreateKey();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    const scopes = RIGHTS.find(({ value }) => value === values.get("rights"))?.scopes ?? ["read"];
    const days = Number(values.get("days")) || null;
    create.mutate({ name: String(values.get("name")).trim(), scopes, days }, { onSuccess: () => form.reset() });
  };
  return (
    <Section title="API keys" text="For programs that make or fetch songs on your behalf. Whoever has a key can do what it allows.">
      <form onSubmit={submit} aria-label="Make a key" className="flex flex-wrap items-end gap-3">
        <Field label="Name of the key" className="basis-full">
          <Input name="name" required maxLength={100} placeholder="laptop" />
        </Field>
        <Choice label="May" name="rights" options={RIGHTS} />
        <Choice label="Lives" name="days" options={LIVES} />
        <Button type="submit" variant="primary" className="ml-auto" disabled={create.isPending}>Make a key</Button>
      </form>
      {create.error && <p role="alert" className="mt-3 text-sm text-danger">{asProblem(create.error).message}</p>}
      {create.data && <Fresh key={create.data.id} text={create.data.key} />}
      {keys.isPending && <div className="mt-5"><Loading /></div>}
      {keys.isError && <p role="alert" className="mt-5 text-sm text-danger">{asProblem(keys.error).message}</p>}
      <ul className="mt-5 divide-y divide-line">
        {keys.data?.map((key) => <Row key={key.id} apiKey={key} />)}
      </ul>
      {keys.data?.length === 0 && <p className="text-sm text-muted">You have no keys yet.</p>}
    </Section>
  );
}

function Choice({ label, name, options }: { label: string; name: string; options: { value: string; label: string }[] }) {
  return (
    <label className="flex flex-col gap-1.5 text-sm font-medium">
      {label}
      <select name={name} className="h-10 rounded-lg border border-line bg-surface px-3 text-sm font-normal hover:border-edge">
        {options.map((option) => <option key={option.label} value={option.value}>{option.label}</option>)}
      </select>
    </label>
  );
}

function Fresh({ text }: { text: string }) {
  const [copied, setCopied] = useState<boolean>();
  const shown = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // A page that came by plain http has no clipboard: the key is marked, to be copied by hand.
      if (shown.current) window.getSelection()?.selectAllChildren(shown.current);
      setCopied(false);
    }
  };
  return (
    <div role="status" className="mt-4 rounded-xl bg-wash p-4">
      <p className="text-sm">Here is the key. Copy it now: it is not shown again.</p>
      {copied === false && <p className="mt-1 text-sm">This browser lets no page copy here; the key is marked, copy it yourself.</p>}
      <div className="mt-2 flex items-center gap-2">
        <code ref={shown} className="min-w-0 flex-1 rounded-lg bg-surface px-3 py-2 font-mono text-sm break-all">{text}</code>
        <Button size="icon" onClick={() => void copy()} aria-label="Copy the key">{copied ? <Check aria-hidden /> : <Copy aria-hidden />}</Button>
      </div>
    </div>
  );
}

function Row({ apiKey }: { apiKey: ApiKey }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeKey();
  const now = Date.now();
  const ended = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) <= now;
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          <span className="break-all">{apiKey.name}</span>
          {apiKey.scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)}
          {ended && <Badge className="text-danger">expired</Badge>}
        </p>
        <p className="mt-0.5 text-xs text-muted">
          <code className="font-mono">{apiKey.prefix}…</code> · made {ago(apiKey.created_at, now)} ·{" "}
          {apiKey.last_used_at ? `used ${ago(apiKey.last_used_at, now)}` : "never used"}
        </p>
      </div>
      <Button variant="quiet" size="icon-sm" onClick={() => setAsking(true)} aria-label={`Revoke ${apiKey.name}`}>
        <Trash2 aria-hidden />
      </Button>
      <Confirm
        open={asking}
        onOpenChange={(open) => (setAsking(open), revoke.reset())}
        title={`Revoke “${apiKey.name}”?`}
        description="Programs that use it are refused from this moment on."
        action="Revoke"
        pending={revoke.isPending}
        error={revoke.error && asProblem(revoke.error).message}
        onConfirm={() => revoke.mutate(apiKey.id, { onSuccess: () => setAsking(false) })}
      />
    </li>
  );
}
