/**
 * @module components/first-steps
 * What to do first, as a short list that goes away by itself or by a click. It never blocks anything.
 */
import { Button, CloseButton, Group, Progress, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Card } from "./card.tsx";
import classes from "./first-steps.module.css";

/** One thing to do. `to` leads to the screen where it is done. */
export type FirstStep = { label: string; isDone: boolean; to?: string; action?: string };

/** Props of {@link FirstSteps}. */
export type FirstStepsProps = {
  steps: readonly FirstStep[];
  title?: string;
  /** Names the list in this browser's memory of dismissed lists. */
  name: string;
};

/** The list, until everything is done or it is dismissed. */
export function FirstSteps({ steps, title = "First steps", name }: FirstStepsProps): ReactNode {
  const [isDismissed, setDismissed] = useLocalStorage({ key: `carekey.first-steps.${name}`, defaultValue: false });
  const done = steps.filter(({ isDone }) => isDone).length;
  if (isDismissed || done === steps.length) return null;
  const current = steps.findIndex(({ isDone }) => !isDone);
  return (
    <Card label={title}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={2} size="h3">
            {title}
          </Title>
          <Text c="dimmed">
            {done} of {steps.length} done
          </Text>
        </div>
        <CloseButton aria-label="Hide the first steps" onClick={() => setDismissed(true)} />
      </Group>
      <Progress value={(done / steps.length) * 100} size={6} my="sm" aria-label={`${done} of ${steps.length} done`} />
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          <li key={step.label} data-done={step.isDone || undefined}>
            {step.isDone ? (
              <IconCircleCheckFilled size={24} aria-label="Done" />
            ) : (
              <IconCircle size={24} aria-label="To do" />
            )}
            <span className={classes.label}>{step.label}</span>
            {!step.isDone && step.to !== undefined && (
              <Button component={Link} to={step.to} variant={index === current ? "filled" : "default"}>
                {step.action ?? "Open"}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
