/**
 * @module features/identity/new-keys-page
 * New keys after a leak. First the new paper and passphrase, then the change itself, which goes on by itself and can be gone on with
 * after a closed tab.
 */
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation, useNavigate } from "react-router";
import type { Person } from "@carekey/sdk/client";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { newKeysQuery } from "./new-keys-hooks.ts";
import { NewKeysProgress } from "./new-keys-progress.tsx";
import { NewKeysWizard } from "./new-keys-wizard.tsx";

/** What the history entry says when the keys have just been put on the chain, so that the rest follows without another tap. */
type ArrivalState = { goOn: true } | null;

/** The page of new keys. */
export function NewKeysPage(): ReactNode {
  const { carekey, person, adopt } = useCarekey();
  const arrival = useLocation().state as ArrivalState;
  const navigate = useNavigate();
  const query = useQuery({ ...newKeysQuery(carekey, person), refetchOnWindowFocus: false });
  const [isAgain, setAgain] = useState(false);
  const begun = async (next: Person) => {
    await navigate("/me/new-keys", { replace: true, state: { goOn: true } satisfies ArrivalState });
    adopt(next);
  };
  return (
    <Screen
      title="New keys"
      intro="For when somebody else may have seen your recovery code, or the paper is gone."
      back={{ to: "/me", label: "Me" }}
    >
      <QueryStates query={query} label="Looking at your keys">
        {(state) =>
          (person.generation > 0 || state.begun) && !isAgain ? (
            <NewKeysProgress
              state={state}
              goOn={arrival?.goOn === true}
              onBegun={(next) => void begun(next)}
              onAgain={() => setAgain(true)}
            />
          ) : (
            <NewKeysWizard onBegun={(next) => void begun(next)} />
          )
        }
      </QueryStates>
    </Screen>
  );
}
