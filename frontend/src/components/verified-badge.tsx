/**
 * @module components/verified-badge
 * Two marks of proof: a history that is complete and unchanged, and a licence that the registrar confirmed.
 */
import { Badge, Text } from "@mantine/core";
import { IconAlertTriangle, IconRosetteDiscountCheck, IconShieldCheck, IconShieldQuestion } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { PersonProfile, VerifiedChart } from "@carekey/sdk/client";
import { formatDate, formatRelative } from "../lib/format.ts";
import { Notice } from "./notice.tsx";
import { TechnicalDetails } from "./technical-details.tsx";
import classes from "./verified-badge.module.css";

/** Props of {@link VerifiedBadge}; `checkedAt` in milliseconds is `query.dataUpdatedAt`. */
export type VerifiedBadgeProps = {
  chart: Pick<VerifiedChart, "verdict" | "block" | "head" | "headSources" | "problem">;
  checkedAt: number;
  /** Whose history; the reader's own by default. */
  owner?: string;
};

/** "Your history is complete and unchanged (checked 2 minutes ago)", or a warning when it is not. */
export function VerifiedBadge({ chart, checkedAt, owner }: VerifiedBadgeProps): ReactNode {
  const whose = owner === undefined ? "Your history" : `${owner}’s history`;
  const facts = [
    { label: "Checked against block", value: String(chart.block.number) },
    { label: "Head of the history", value: chart.head, copy: chart.head },
    { label: "Independent sources that agree", value: String(chart.headSources) },
  ];
  if (chart.verdict === "mismatch") {
    return (
      <Notice
        tone="danger"
        role="alert"
        icon={<IconAlertTriangle size={24} />}
        title={`${whose} does not match what is registered`}
      >
        <Text>Something is missing or altered. Do not rely on what is shown here. {chart.problem?.message}</Text>
        <TechnicalDetails facts={[...facts, { label: "First entry concerned", value: chart.problem?.entryId }]} />
      </Notice>
    );
  }
  const isVerified = chart.verdict === "verified";
  const checked = formatRelative(checkedAt / 1000);
  return (
    <details className={classes.history} data-verdict={chart.verdict}>
      <summary>
        {isVerified ? <IconShieldCheck size={22} aria-hidden /> : <IconShieldQuestion size={22} aria-hidden />}
        <span>
          {isVerified ? `${whose} is complete and unchanged` : `${whose} is complete as far as one source can tell`}{" "}
          <span className={classes.when}>(checked {checked})</span>
        </span>
      </summary>
      <dl className={classes.facts}>
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Whether a doctor's licence is confirmed, until when. Nothing for people who need no licence. */
export function LicenceBadge({ profile }: { profile: Pick<PersonProfile, "identity" | "verified"> }): ReactNode {
  const { role, suspended, verifiedUntil } = profile.identity;
  if (role !== 2 && role !== 3) return null;
  if (suspended) return <Badge color="red">Suspended by the registrar</Badge>;
  if (!profile.verified) {
    return <Badge color="yellow">{verifiedUntil > 0 ? "Licence expired" : "Not verified yet"}</Badge>;
  }
  return (
    <Badge
      color="green"
      leftSection={<IconRosetteDiscountCheck size={18} aria-hidden />}
      title={`Confirmed by the registrar until ${formatDate(verifiedUntil)}`}
    >
      Verified
    </Badge>
  );
}
