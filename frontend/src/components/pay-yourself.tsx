/**
 * @module components/pay-yourself
 * The question in the middle of an act when Carekey’s server does not pay the network fee: why, how much, and whether to pay.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCoins } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { feeWords, notPaidWords } from "../lib/fees.ts";
import type { CostQuestion } from "../lib/use-act.ts";
import { Notice } from "./notice.tsx";

/** Asks. Nothing has happened yet, and nothing is lost by a no. */
export function PayYourself({ question: { cost, answer } }: { question: CostQuestion }): ReactNode {
  return (
    <Notice
      tone="waiting"
      role="status"
      icon={<IconCoins size={24} />}
      title="Carekey’s server does not pay the network fee now"
    >
      <Stack gap="sm">
        <Text>{notPaidWords(cost.reason)}</Text>
        <Text>
          {cost.isAffordable
            ? `You can pay it yourself: about ${feeWords(cost)}. Your wallet shows the amount before you confirm.`
            : `The fee is about ${feeWords(cost)}, and your wallet holds less than that. Try again later.`}
        </Text>
        <Group gap="sm">
          {cost.isAffordable && <Button onClick={() => answer(true)}>Pay the fee yourself</Button>}
          <Button variant="default" onClick={() => answer(false)}>
            Not now
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}
