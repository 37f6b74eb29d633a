"use client";

import { useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Spinner } from "@/components/ui/spinner";
import { PageTitle } from "@/features/studio/page-title";
import { asProblem } from "@/lib/api/problem";

import { useEnter, useWays } from "./api";

/** The way into a studio with accounts. */
export function SignIn() {
  const [fresh, setFresh] = useState(false);
  const enter = useEnter(fresh);
  const { data: ways } = useWays();
  const problem = enter.error ? asProblem(enter.error) : null;
  const about = (field: string) => problem?.fields.find((each) => each.field === field)?.message;
  const placed = problem?.fields.some(({ field }) => field === "email" || field === "password" || (fresh && field === "name"));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const value = (name: string) => String(values.get(name) ?? "");
    enter.mutate({ email: value("email"), password: value("password"), name: value("name") });
  };
  const turn = () => {
    enter.reset();
    setFresh(!fresh);
  };
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <PageTitle text={fresh ? "Make an account" : "Sign in"} />
      <div className="w-full max-w-sm">
        <svg viewBox="0 0 24 24" className="size-9 text-accent" fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" aria-hidden>
          <path d="M3 10.5v3M7.5 7v10M12 3v18M16.5 7.5v9M21 10.5v3" />
        </svg>
        <h1 className="mt-5 text-2xl font-semibold tracking-tight">{fresh ? "Make an account" : "Sign in"}</h1>
        <p className="mt-1 text-sm text-muted">Say what you want to hear. Get the finished song.</p>
        <form onSubmit={submit} aria-label={fresh ? "Make an account" : "Sign in"} className="mt-8 flex flex-col gap-4">
          {fresh && (
            <Field label="Name" hint="What you are called; you may leave it empty." error={about("name")}>
              <Input name="name" autoComplete="name" maxLength={100} />
            </Field>
          )}
          <Field label="E-mail" error={about("email")}>
            <Input name="email" type="email" autoComplete="username" required maxLength={254} autoFocus />
          </Field>
          <Field label="Password" hint={fresh ? "Ten characters or more; a sentence is good." : undefined} error={about("password")}>
            <Input
              name="password"
              type="password"
              autoComplete={fresh ? "new-password" : "current-password"}
              required
              minLength={fresh ? 10 : 1}
              maxLength={128}
            />
          </Field>
          {problem && !placed && (
            <p role="alert" className="rounded-lg bg-danger-wash px-3 py-2 text-sm text-danger">
              {problem.message}
            </p>
          )}
          <Button type="submit" variant="primary" size="lg" disabled={enter.isPending}>
            {enter.isPending && <Spinner />}
            {fresh ? "Make the account" : "Sign in"}
          </Button>
        </form>
        {ways?.oidc && (
          <Button asChild size="lg" className="mt-3 w-full">
            <a href="/api/v2/auth/oidc/login">Sign in with {ways.oidc}</a>
          </Button>
        )}
        {ways?.registration !== false && <p className="mt-6 text-sm text-muted">
          {fresh ? "You have an account?" : "New here?"}{" "}
          <button type="button" onClick={turn} className="font-medium text-accent hover:underline">
            {fresh ? "Sign in" : "Make an account"}
          </button>
        </p>}
      </div>
    </main>
  );
}
