/**
 * @module features/records/latest-results
 * The latest value of each test, with unit, usual range, flag and how it changed. Colour never carries meaning alone.
 */
import { Button, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconEqual, IconFlag } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { formatDate } from "../../lib/format.ts";
import type { ResultLine } from "./health-summary.ts";
import classes from "./home-page.module.css";

const FIRST_RESULTS = 6;
const flagWords = { high: "High", low: "Low", abnormal: "Not usual" } as const;
const trends = {
  up: { Icon: IconArrowUp, words: "up from" },
  down: { Icon: IconArrowDown, words: "down from" },
  same: { Icon: IconEqual, words: "same as" },
} as const;

/** The results as cards. */
export function LatestResults({ results }: { results: readonly ResultLine[] }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const shown = isOpen ? results : results.slice(0, FIRST_RESULTS);
  return (
    <>
      <ul className={classes.results}>
        {shown.map((result) => (
          <li key={`${result.entryId}${result.name}`}>
            <Result result={result} />
          </li>
        ))}
      </ul>
      {results.length > FIRST_RESULTS && (
        <Button variant="default" onClick={() => setIsOpen(!isOpen)} aria-expanded={isOpen}>
          {isOpen ? "Show fewer" : `Show all ${results.length} results`}
        </Button>
      )}
    </>
  );
}

function Result({ result }: { result: ResultLine }): ReactNode {
  const { name, value, unit, range, flag, at, trend, previous, entryId } = result;
  const change = trend === null ? null : trends[trend];
  return (
    <Link to={`/records/${entryId}`} className={classes.result}>
      <Text fw={600}>{name}</Text>
      <span className={classes.value}>
        <span className={classes.number}>{value}</span>
        {unit !== null && <span>{unit}</span>}
        {flag !== null && (
          <span className={classes.flag}>
            <IconFlag size={16} aria-hidden="true" />
            {flagWords[flag]}
          </span>
        )}
      </span>
      {range !== null && <Text c="dimmed">Usual: {range}</Text>}
      {change !== null && previous !== null && (
        <Text c="dimmed">
          <change.Icon size={18} aria-hidden="true" /> {change.words} {previous.value}, {formatDate(previous.at)}
        </Text>
      )}
      <Text c="dimmed">{formatDate(at)}</Text>
    </Link>
  );
}
