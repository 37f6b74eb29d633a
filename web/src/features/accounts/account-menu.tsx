"use client";

import { LogOut, UserRound } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu";

import { useMe, useSignOut } from "./api";

/** Account and sign-out; a studio that runs for one person has neither. */
export function AccountMenu() {
  const { data: me } = useMe();
  const signOut = useSignOut();
  if (me?.mode !== "server") return null;
  return (
    <Menu
      trigger={
        <Button variant="quiet" size="icon" aria-label="Account">
          <UserRound aria-hidden />
        </Button>
      }
    >
      <MenuLabel>{me.email ?? me.name}</MenuLabel>
      <MenuItem onSelect={() => window.location.assign("/account/")}>
        <UserRound aria-hidden /> Account and keys
      </MenuItem>
      <MenuItem onSelect={() => signOut.mutate()}>
        <LogOut aria-hidden /> Sign out
      </MenuItem>
    </Menu>
  );
}
