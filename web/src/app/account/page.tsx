import { AccountPage } from "@/features/accounts/account-page";

export default function Page() {
  return <AccountPage />;
}
