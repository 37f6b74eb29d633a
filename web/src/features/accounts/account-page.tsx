"use client";

import { ArrowLeft } from "lucide-react";
import type { FormEvent } from "react";

import { Badge } from "@/components/ui/chip";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Loading } from "@/components/ui/spinner";
import { PageTitle } from "@/features/studio/page-title";
import { asProblem } from "@/lib/api/problem";

import { useChangeMe, useMe, type Me } from "./api";
import { KeysSection } from "./keys-section";
import { Section } from "./section";

/** Who one is here, one's password, and the keys of one's programs. */
export function AccountPage() {
  const { data: me, error, isPending, refetch } = useMe();
  return (
    <main className="mx-auto max-w-2xl px-4 py-10 sm:px-6">
      <PageTitle text="Account" />
      <a href="/" className="inline-flex items-center gap-1.5 text-sm text-muted hover:text-ink">
        <ArrowLeft className="size-4" aria-hidden /> Studio
      </a>
      <h1 className="mt-4 text-2xl font-semibold tracking-tight">Account</h1>
      {isPending && <div className="mt-8"><Loading /></div>}
      {error && !me && (
        <div role="alert" className="mt-8 text-sm text-danger">
          <p>{asProblem(error).message}</p>
          <Button size="sm" className="mt-2" onClick={() => void refetch()}>Try again</Button>
        </div>
      )}
      {me && (
        <>
          <Profile key={me.id} me={me} />
          {me.mode === "server" && <PasswordSection />}
          <KeysSection />
        </>
      )}
    </main>
  );
}

function Profile({ me }: { me: Me }) {
  const change = useChangeMe();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate({ name: String(new FormData(event.currentTarget).get("name") ?? "") });
  };
  return (
    <Section title="You">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <span className="break-all">{me.email ?? "This studio runs for one person and has no accounts."}</span>
        <Badge>{me.plan}</Badge>
        {me.is_admin && <Badge>Administrator</Badge>}
      </p>
      <form onSubmit={submit} className="mt-4 flex items-end gap-2">
        <Field label="Name" className="flex-1">
          <Input name="name" defaultValue={me.name} maxLength={100} autoComplete="name" />
        </Field>
        <Button type="submit" disabled={change.isPending}>Save</Button>
      </form>
      <p role="status" className="mt-2 text-sm text-good">{change.isSuccess && "Saved."}</p>
      {change.error && <p role="alert" className="text-sm text-danger">{asProblem(change.error).message}</p>}
    </Section>
  );
}

function PasswordSection() {
  const change = useChangeMe();
  const problem = change.error ? asProblem(change.error) : null;
  const about = (field: string) => problem?.fields.find((each) => each.field === field)?.message;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    change.mutate(
      { password: String(values.get("password")), current_password: String(values.get("current")) },
      { onSuccess: () => form.reset() },
    );
  };
  return (
    <Section title="Password" text="A new password signs every other browser out.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Present password" error={about("current_password")}>
          <Input name="current" type="password" autoComplete="current-password" required maxLength={128} />
        </Field>
        <Field label="New password" hint="Ten characters or more." error={about("password")}>
          <Input name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={128} />
        </Field>
        {problem && !about("current_password") && !about("password") && <p role="alert" className="text-sm text-danger">{problem.message}</p>}
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={change.isPending}>Change the password</Button>
          <span role="status" className="text-sm text-good">{change.isSuccess && "Changed."}</span>
        </div>
      </form>
    </Section>
  );
}
