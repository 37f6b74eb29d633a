"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";

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
      if (asked?.status === "success" && asked.fetchStatus === "idle") void client.invalidateQueries({ queryKey: ME, exact: true });
    };
    window.addEventListener(SIGNED_OUT, ask);
    return () => window.removeEventListener(SIGNED_OUT, ask);
  }, [client]);
  // Anything but "who are you?" is for the page to tell: a studio that does not answer, for instance.
  return me.error && asProblem(me.error).status === 401 ? <SignIn /> : children;
}
