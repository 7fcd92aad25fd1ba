/**
 * @module components/card
 * The surface on which people and records lie, and a titled section of a screen.
 */
import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./card.module.css";

/** Props of {@link Card}. */
export type CardProps = {
  children: ReactNode;
  tone?: "plain" | "waiting";
  padding?: "normal" | "none";
  label?: string;
};

/** A raised surface with generous space. */
export function Card({ children, tone = "plain", padding = "normal", label }: CardProps): ReactNode {
  return (
    <div className={classes.card} data-tone={tone} data-padding={padding} role={label && "group"} aria-label={label}>
      {children}
    </div>
  );
}

/** Props of {@link Section}. */
export type SectionProps = { title: string; action?: ReactNode; children: ReactNode };

/** A titled part of a screen. */
export function Section({ title, action, children }: SectionProps): ReactNode {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHeader}>
        <Title order={2}>{title}</Title>
        {action}
      </div>
      {children}
    </section>
  );
}
