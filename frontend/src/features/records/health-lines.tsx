/**
 * @module features/records/health-lines
 * One card of the summary: allergies, medicines or problems, each line leading to its record.
 */
import { Button, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { Card } from "../../components/card.tsx";
import { formatDate } from "../../lib/format.ts";
import type { SummaryLine } from "./health-summary.ts";
import classes from "./home-page.module.css";

const FIRST_LINES = 4;

/** Props of {@link HealthLines}. */
export type HealthLinesProps = { title: string; lines: readonly SummaryLine[]; nothing: string };

/** The card. */
export function HealthLines({ title, lines, nothing }: HealthLinesProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const shown = isOpen ? lines : lines.slice(0, FIRST_LINES);
  return (
    <Card padding="none" label={title}>
      <Title order={2} size="h3" className={classes.heading}>
        {title}
      </Title>
      {lines.length === 0 && (
        <Text c="dimmed" className={classes.nothing}>
          {nothing}
        </Text>
      )}
      <ul className={classes.list}>
        {shown.map((line) => (
          <li key={`${line.entryId}${line.name}`}>
            <Link to={`/records/${line.entryId}`} className={classes.line}>
              <span>
                {line.name}
                <span className={classes.detail}>
                  {[line.detail, line.since === null ? null : `since ${formatDate(line.since)}`]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {lines.length > FIRST_LINES && (
        <div className={classes.more}>
          <Button variant="subtle" onClick={() => setIsOpen(!isOpen)} aria-expanded={isOpen}>
            {isOpen ? "Show fewer" : `Show all ${lines.length}`}
          </Button>
        </div>
      )}
    </Card>
  );
}
