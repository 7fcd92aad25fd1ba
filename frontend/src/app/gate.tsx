/**
 * @module app/gate
 * Decides what is shown: the first page, the way to unlocked keys, or the app. Nothing of a person is drawn while locked.
 */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useConnection } from "wagmi";
import type { Carekey, Person } from "@carekey/sdk/client";
import { QueryStates } from "../components/query-states.tsx";
import { accountViewOf } from "../features/identity/account-view.ts";
import { CodePage } from "../features/identity/code-page.tsx";
import { accountQuery } from "../features/identity/hooks.ts";
import { LandingPage } from "../features/identity/landing-page.tsx";
import { RegisterPage } from "../features/identity/register-page.tsx";
import { ResumePage } from "../features/identity/resume-page.tsx";
import { SignInPage } from "../features/identity/sign-in-page.tsx";
import { UnlockPage } from "../features/identity/unlock-page.tsx";
import { WrongNetworkPage } from "../features/identity/wrong-network-page.tsx";
import { useForgetWallet, useWallet } from "../lib/wallet/use-wallet.ts";
import { Frame, type FrameProps } from "./frame.tsx";
import { useTabSession } from "./session.ts";
import { Splash } from "./splash.tsx";
import { UnlockedApp } from "./unlocked-app.tsx";

/** The one entrance. */
export function Gate(): ReactNode {
  const state = useWallet();
  const { person, unlock, lock } = useTabSession(state);
  const forget = useForgetWallet();
  const { connector } = useConnection();

  if (state.status === "connecting") return <Splash label="Connecting to your wallet" />;
  if (state.status === "disconnected") {
    return (
      <Frame title="Your medical records, in your hands" width="wide">
        <LandingPage />
      </Frame>
    );
  }
  const wallet = { address: state.address, name: connector?.name ?? "a wallet", onDisconnect: forget };
  if (state.status === "wrong-network") {
    return (
      <Frame title="Switch network" wallet={wallet}>
        <WrongNetworkPage />
      </Frame>
    );
  }
  if (person === null) {
    return <LockedApp key={state.address} carekey={state.carekey} wallet={wallet} onUnlocked={unlock} />;
  }
  return <UnlockedApp carekey={state.carekey} person={person} adopt={unlock} lock={lock} />;
}

type LockedProps = {
  carekey: Carekey;
  wallet: NonNullable<FrameProps["wallet"]>;
  onUnlocked: (person: Person) => void;
};

const titles = {
  "sign-in": "Sign in",
  "enter-code": "Enter your one-time code",
  register: "Register",
  resume: "Go on where you stopped",
  unlock: "Unlock your records",
  "unlock-with-code": "Unlock your records",
} as const;

function LockedApp({ carekey, wallet, onUnlocked }: LockedProps): ReactNode {
  const { address } = carekey.wallet.account;
  // While somebody registers, the account's state changes under the wizard; it ends by unlocking.
  const account = useQuery({ ...accountQuery(carekey, address), refetchOnWindowFocus: false });
  const view = account.data === undefined ? null : accountViewOf(account.data);
  return (
    <Frame title={view === null ? "Carekey" : titles[view]} wallet={wallet}>
      <QueryStates query={account} label="Looking up your account">
        {(state) => {
          switch (accountViewOf(state)) {
            case "sign-in":
              return <SignInPage carekey={carekey} address={address} isKnown={state.registered} />;
            case "enter-code":
              return <CodePage carekey={carekey} />;
            case "register":
              return <RegisterPage carekey={carekey} isRegistrar={state.isRegistrar} onDone={onUnlocked} />;
            case "resume":
              return <ResumePage carekey={carekey} isRegistrar={state.isRegistrar} onDone={onUnlocked} />;
            case "unlock":
            case "unlock-with-code":
              return <UnlockPage carekey={carekey} slotKinds={state.slotKinds ?? []} onUnlocked={onUnlocked} />;
          }
        }}
      </QueryStates>
    </Frame>
  );
}
