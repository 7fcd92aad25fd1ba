/**
 * @module components/technical-details
 * Where digests, addresses and block numbers live: closed until somebody asks for them.
 */
import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./technical-details.module.css";

/** One fact: a label, its value, and whether a button copies it. */
export type TechnicalFact = { label: string; value: ReactNode; copy?: string };

/** Props of {@link TechnicalDetails}. */
export type TechnicalDetailsProps = {
  facts: readonly TechnicalFact[];
  label?: string;
  /** What matters most of all this, drawn above the facts. */
  lead?: ReactNode;
  children?: ReactNode;
};

/** A closed disclosure with facts for those who check. Facts with an empty value are left out. */
export function TechnicalDetails(props: TechnicalDetailsProps): ReactNode {
  const { facts, label = "Technical details", lead, children } = props;
  const known = facts.filter(({ value }) => value !== null && value !== undefined && value !== "");
  if (known.length === 0 && lead === undefined && children === undefined) return null;
  return (
    <details className={classes.root}>
      <summary className={classes.summary}>{label}</summary>
      {lead}
      <dl className={classes.facts}>
        {known.map((fact) => (
          <div key={fact.label} className={classes.fact}>
            <dt>{fact.label}</dt>
            <dd>
              <span>{fact.value}</span>
              {fact.copy !== undefined && <Copy value={fact.copy} label={fact.label} />}
            </dd>
          </div>
        ))}
      </dl>
      {children}
    </details>
  );
}

function Copy({ value, label }: { value: string; label: string }): ReactNode {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : "Copy"}>
          <ActionIcon onClick={copy} aria-label={copied ? `${label} copied` : `Copy ${label}`} color="gray">
            {copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
