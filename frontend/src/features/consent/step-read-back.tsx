/**
 * @module features/consent/step-read-back
 * The last step: the whole of it in one paragraph, in the words and the order of what the wallet shows, then the signature.
 */
import { Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { AccessRequest, GrantRequest, PreparedGrant } from "@carekey/sdk/client";
import { isOpenEnded } from "@carekey/sdk/consent";
import { ActStatus, type Act } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Card } from "../../components/card.tsx";
import { CodePrompt } from "../../components/code-form.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { errorCodeOf } from "../../lib/error-sentences.ts";
import { useFeeWords } from "../../lib/fees.ts";
import { usePreparedGrant, type ShareInput } from "./hooks.ts";
import classes from "./sharing.module.css";

/** Props of {@link StepReadBack}. */
export type StepReadBackProps = {
  grant: GrantRequest | null;
  ownName: string;
  request: AccessRequest | null;
  /** The title of the one record that is shared, if it is one. */
  recordTitle: string | null;
  act: Act<ShareInput, unknown>;
  onBack: () => void;
  onClose: () => void;
};

/** Step four. */
export function StepReadBack({
  grant,
  ownName,
  request,
  recordTitle,
  act,
  onBack,
  onClose,
}: StepReadBackProps): ReactNode {
  const { carekey } = useCarekey();
  const prepared = usePreparedGrant(grant);
  const cost = useFeeWords(carekey);
  if (act.status === "done") {
    return (
      <Stack gap="md">
        <ActStatus act={act} />
        <Button onClick={onClose}>Close</Button>
      </Stack>
    );
  }
  return (
    <QueryStates query={prepared} label="Checking the person’s key and licence">
      {(data) => (
        <Stack gap="md">
          <p className={classes.readback}>{data.paragraph}</p>
          {act.status === "failed" && errorCodeOf(act.error) === "OTP_REQUIRED" ? (
            <Card tone="waiting">
              <CodePrompt
                carekey={carekey}
                purpose="approval"
                label="Share with this code"
                onEntered={() => void act.run({ prepared: data, ownName, request })}
                onCancel={onBack}
              />
            </Card>
          ) : (
            <>
              <BeforeSigning
                title="What will happen"
                points={[
                  ...(recordTitle === null
                    ? []
                    : [
                        `The record is “${recordTitle}”. Its name is in nothing that you sign; your wallet shows the day instead.`,
                      ]),
                  ...pointsOf(data),
                ]}
                irreversible="You can stop it at any time. What was opened before then cannot be taken back."
                cost={cost}
                confirmLabel={act.status === "refused" || act.status === "failed" ? "Try again" : "Sign and share"}
                cancelLabel="Back"
                onConfirm={() => void act.run({ prepared: data, ownName, request })}
                onCancel={onBack}
                isRunning={act.isRunning}
              />
              <ActStatus act={act} />
            </>
          )}
          <TechnicalDetails
            facts={data.terms.flatMap((terms, index) => [
              {
                label: `Expires at (terms ${index + 1})`,
                value: `${terms.expiresAt} = ${new Date(terms.expiresAt * 1000).toISOString()}`,
              },
              { label: `Salt (terms ${index + 1})`, value: terms.about.salt },
            ])}
          />
        </Stack>
      )}
    </QueryStates>
  );
}

function pointsOf({ grantee, terms, request }: PreparedGrant): ReactNode[] {
  const prompts =
    terms.length === 1 ? "Your wallet asks once" : "Your wallet asks twice, for reading and writing are two consents";
  return [
    <Text key="wallet" component="span">
      {prompts}: it shows these same words, for you to sign.
    </Text>,
    ...(request.rights.includes("read")
      ? [
          `The keys to what you chose are sealed for ${grantee.name} alone.`,
          `The network does not learn that ${grantee.name} may read, nor what.`,
        ]
      : []),
    ...(request.rights.includes("write")
      ? [`As soon as ${grantee.name} writes to you, the network shows that they do, but not what.`]
      : []),
    ...(terms.some(isOpenEnded)
      ? ["Your wallet shows an end a hundred years from now: that is how “until I stop it” is written down."]
      : []),
    ...(request.fromNow === true
      ? ["Because it is from now on, the keys are changed first: your wallet asks once more."]
      : []),
  ];
}
