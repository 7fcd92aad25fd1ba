/**
 * @module app/unlocked-app
 * The app of somebody whose keys are in memory: roles, routes, and the lock that comes by itself.
 */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { RouterProvider, createBrowserRouter } from "react-router";
import type { Carekey, Person } from "@carekey/sdk/client";
import { QueryStates } from "../components/query-states.tsx";
import { accountQuery } from "../features/identity/hooks.ts";
import { UnlockedProvider, type AppRole, type UnlockedSession } from "../lib/carekey.tsx";
import { roleHome, rolesOf } from "../lib/roles.ts";
import { Frame } from "./frame.tsx";
import { IdleLock } from "./idle-lock.tsx";
import { createRoutes } from "./routes.tsx";
import { useLockWhenSignedOut } from "./use-lock-when-signed-out.ts";

/** Props of {@link UnlockedApp}. */
export type UnlockedAppProps = {
  carekey: Carekey;
  person: Person;
  /** Takes new keys of the same person. */
  adopt: (person: Person) => void;
  lock: () => void;
};

/** Everything behind the lock. */
export function UnlockedApp({ carekey, person, adopt, lock }: UnlockedAppProps): ReactNode {
  const account = useQuery(accountQuery(carekey, person.address));
  useLockWhenSignedOut(lock);
  if (account.data !== undefined) {
    const { identity, isRegistrar } = account.data;
    return (
      <>
        <RoleApp
          key={person.address}
          {...{ carekey, person, adopt, lock, isRegistrar }}
          roles={rolesOf({ role: identity.role, isRegistrar })}
        />
        <IdleLock onIdle={lock} />
      </>
    );
  }
  return (
    <Frame title="Carekey">
      <QueryStates query={account} label="Looking up your account">
        {() => null}
      </QueryStates>
    </Frame>
  );
}

type RoleAppProps = UnlockedAppProps & { roles: readonly AppRole[]; isRegistrar: boolean };

function RoleApp({ carekey, person, adopt, lock, roles, isRegistrar }: RoleAppProps): ReactNode {
  const [chosen, setChosen] = useState<AppRole>(() => firstRole(roles));
  const role = roles.includes(chosen) ? chosen : roles[0]!;
  const session = useMemo<UnlockedSession>(
    () => ({ carekey, person, role, roles, isRegistrar, setRole: setChosen, adopt, lock }),
    [carekey, person, role, roles, isRegistrar, adopt, lock],
  );
  const router = useMemo(() => createBrowserRouter(createRoutes(role)), [role]);
  return (
    <UnlockedProvider value={session}>
      <RouterProvider router={router} />
    </UnlockedProvider>
  );
}

/** The role whose screen the address bar names, else the usual one. */
function firstRole(roles: readonly AppRole[]): AppRole {
  return roles.find((role) => window.location.pathname.startsWith(roleHome[role])) ?? roles[0]!;
}
