/**
 * @module features/care/account-line
 * That a chart goes on in another account of the same person, or comes from an earlier one, as the chain says (docs/decisions/0028).
 */
import { Anchor, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { SharedChart } from "@carekey/sdk/client";
import { Notice } from "../../components/notice.tsx";

/** Props of {@link AccountLine}. */
export type AccountLineProps = { shared: Pick<SharedChart, "successor" | "earlierAccounts">; name: string };

/** A sentence with a link for each direction; nothing for who has one account. */
export function AccountLine({ shared: { successor, earlierAccounts }, name }: AccountLineProps): ReactNode {
  const [earlier] = earlierAccounts;
  return (
    <>
      {successor !== null && (
        <Notice tone="waiting" icon={<IconArrowRight size={24} />} title={`${name} goes on with a new wallet`}>
          This chart ends here. The same person’s records go on in another one:{" "}
          <Anchor component={Link} to={`/patients/${successor}`} inherit>
            open the chart that goes on
          </Anchor>
          . {name} decides anew what you may see there.
        </Notice>
      )}
      {earlier !== undefined && (
        <Text>
          {name} had another wallet before. Its records are part of this chart.{" "}
          <Anchor component={Link} to={`/patients/${earlier}`} inherit>
            Open the earlier chart
          </Anchor>
        </Text>
      )}
    </>
  );
}
