import type { Metadata } from "next";

import { AccountPage } from "@/features/accounts/account-page";

export const metadata: Metadata = { title: "Account — Text2Song Studio" };

export default function Page() {
  return <AccountPage />;
}
