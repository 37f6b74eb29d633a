"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Fragment, useEffect, useState, type ReactNode } from "react";

import { SIGNED_OUT } from "@/lib/api/client";
import { asProblem } from "@/lib/api/problem";

import { ME, useMe } from "./api";
import { SignIn } from "./sign-in";

/** Lets in whoever the studio knows; to anybody else it shows the way in. */
export function Gate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useMe();
  useEffect(() => {
    const ask = () => {
      // Asking is itself refused, and says so: that is no reason to ask once more.
      const asked = client.getQueryState(ME);
      const refused = asked?.error && asProblem(asked.error).status === 401;
      if (asked?.fetchStatus === "idle" && !refused) void client.invalidateQueries({ queryKey: ME, exact: true });
    };
    window.addEventListener(SIGNED_OUT, ask);
    return () => window.removeEventListener(SIGNED_OUT, ask);
  }, [client]);
  // Somebody else may have signed in, here or in another tab: nothing of the one before them stays on the page.
  const id = me.data?.id;
  const [visit, setVisit] = useState({ id, number: 0 });
  if (id && id !== visit.id) setVisit({ id, number: visit.id ? visit.number + 1 : 0 });
  // Anything but "who are you?" is for the page to tell: a studio that does not answer, for instance.
  return me.error && asProblem(me.error).status === 401 ? <SignIn /> : <Fragment key={visit.number}>{children}</Fragment>;
}
