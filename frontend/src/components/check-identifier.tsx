/**
 * @module components/check-identifier
 * Looking up a number that a patient showed: whose account it leads to, and who vouches for it.
 */
import { Anchor, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { decodeOpening, resolveIdentifier, type ResolvedIdentifier } from "@carekey/sdk/client";
import { useCarekey } from "../lib/carekey.tsx";
import { formatAddress } from "../lib/format.ts";
import { useAct } from "../lib/use-act.ts";
import { ActStatus } from "./act.tsx";
import { Card } from "./card.tsx";
import { Notice } from "./notice.tsx";

/** The form and what came of it. */
export function CheckIdentifier(): ReactNode {
  const { carekey } = useCarekey();
  const [text, setText] = useState("");
  const check = useAct(async (shown: string) => resolveIdentifier(carekey, decodeOpening(shown)), { done: "Checked." });
  return (
    <Card>
      <Stack>
        <Textarea
          label="What the patient showed you"
          description="The text under the code, which begins with carekey-id"
          autosize
          minRows={2}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group>
          <Button
            variant="default"
            disabled={text.trim() === ""}
            loading={check.isRunning}
            onClick={() => void check.run(text)}
          >
            Check it
          </Button>
        </Group>
        <ActStatus act={check} hideDone />
        {check.status === "done" && check.output !== undefined && <Outcome found={check.output} />}
      </Stack>
    </Card>
  );
}

function Outcome({ found: { opening, issuer, isVouchedFor, account } }: { found: ResolvedIdentifier }): ReactNode {
  if (account === null) {
    return (
      <Notice tone="waiting" role="status" title="This number leads nowhere">
        It was never linked, or it was removed. Ask the patient for the present one.
      </Notice>
    );
  }
  return (
    <Notice
      tone={isVouchedFor ? "good" : "waiting"}
      role="status"
      title={`${opening.kind} ${opening.value}, given out by ${issuer.name}`}
    >
      {!isVouchedFor && <Text>{issuer.name} is not verified now, so nobody vouches for this number.</Text>}
      <Text>
        It belongs to the account{" "}
        <Anchor component={Link} to={`/patients/${account}`}>
          {formatAddress(account)}
        </Anchor>
        .
      </Text>
    </Notice>
  );
}
