/**
 * @module features/consent/step-what
 * Which parts of the records, and whether to read, to write, or both.
 */
import { Checkbox, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { SCOPES } from "@carekey/sdk/consent";
import { Notice } from "../../components/notice.tsx";
import { calledBy, mayWrite } from "./share-draft.ts";
import type { StepProps } from "./step-who.tsx";
import choice from "../../components/choice.module.css";
import classes from "./sharing.module.css";

/** Step two. */
export function StepWhat({ draft, onChange }: StepProps): ReactNode {
  const name = draft.grantee === null ? "This person" : calledBy(draft);
  const setScopes = (scopes: string[]) => onChange({ scopes });
  if (draft.record !== null) return <OnlyThis title={draft.record.title} name={name} />;
  return (
    <Stack gap="lg">
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>What may {name} do?</legend>
        <Choice
          label="Read"
          description="See the parts that you choose below"
          isChosen={draft.canRead}
          onToggle={() => onChange({ canRead: !draft.canRead })}
        />
        {(draft.grantee === null || mayWrite(draft.grantee)) && (
          <Choice
            label="Write"
            description="Send you new entries. Each one waits until you approve it"
            isChosen={draft.canWrite}
            onToggle={() => onChange({ canWrite: !draft.canWrite })}
          />
        )}
      </fieldset>
      {draft.canWrite && (
        <Notice>
          <Text>That {name} may write to you becomes visible on the network. What they write does not.</Text>
        </Notice>
      )}
      {draft.canRead && (
        <fieldset className={classes.choices}>
          <legend className={classes.legend}>Which parts may {name} read?</legend>
          {SCOPES.map((scope) => {
            const isChosen = draft.scopes.includes(scope.name);
            return (
              <Choice
                key={scope.name}
                label={scope.label}
                description={scope.description}
                isChosen={isChosen}
                onToggle={() =>
                  setScopes(
                    isChosen ? draft.scopes.filter((each) => each !== scope.name) : [...draft.scopes, scope.name],
                  )
                }
              />
            );
          })}
        </fieldset>
      )}
    </Stack>
  );
}

function OnlyThis({ title, name }: { title: string; name: string }): ReactNode {
  return (
    <Notice title={title}>
      <Text>
        {name} can read this one record and nothing else. A newer version of it stays closed until you share that one.
      </Text>
    </Notice>
  );
}

type ChoiceProps = { label: string; description: string; isChosen: boolean; onToggle: () => void };

function Choice({ label, description, isChosen, onToggle }: ChoiceProps): ReactNode {
  return (
    <div className={choice.choice} data-chosen={isChosen || undefined}>
      <Checkbox
        label={label}
        description={description}
        checked={isChosen}
        onChange={onToggle}
        classNames={{ body: classes.choiceBody, labelWrapper: classes.choiceLabel }}
      />
    </div>
  );
}
