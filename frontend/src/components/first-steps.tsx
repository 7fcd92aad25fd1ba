/**
 * @module components/first-steps
 * What to do first, as a short list that goes away by itself or by a click. It never blocks anything.
 */
import { Button, CloseButton, Group, Progress, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { dealState, listConsents, listOwnRecords } from "@carekey/sdk/client";
import { useCarekey } from "../lib/carekey.tsx";
import { queryKeys } from "../lib/query-keys.ts";
import { Card } from "./card.tsx";
import classes from "./first-steps.module.css";

/** One thing to do. `to` leads to the screen where it is done. */
export type FirstStep = { label: string; isDone: boolean; to?: string; action?: string };

/** The first steps of a patient, from what the chain and the keepers say. Nothing for other roles. */
export function FirstSteps(): ReactNode {
  const { carekey, person, role } = useCarekey();
  const { address } = person;
  const isPatient = role === "patient";
  const deal = useQuery({
    queryKey: queryKeys.deal(address),
    queryFn: () => dealState(carekey, person),
    enabled: isPatient,
  });
  const records = useQuery({
    queryKey: queryKeys.ownRecords(address),
    queryFn: () => listOwnRecords(carekey, person),
    enabled: isPatient,
  });
  const consents = useQuery({
    queryKey: queryKeys.consentList(address),
    queryFn: () => listConsents(carekey, person),
    enabled: isPatient,
  });
  if (deal.data === undefined || records.data === undefined || consents.data === undefined) return null;
  return (
    <StepList
      name={address}
      steps={[
        { label: "Make your keys and register", isDone: true },
        { label: "Set up the keepers, so that you can share", isDone: deal.data.active, to: "/me", action: "Set up" },
        { label: "Add your first record", isDone: records.data.records.length > 0, to: "/records", action: "Add" },
        {
          label: "Share something with your doctor",
          isDone: consents.data.length > 0,
          to: "/sharing",
          action: "Share",
        },
      ]}
    />
  );
}

/** Props of {@link StepList}. */
export type StepListProps = {
  steps: readonly FirstStep[];
  title?: string;
  /** Names the list in this browser's memory of dismissed lists. */
  name: string;
};

/** The list, until everything is done or it is dismissed. */
export function StepList({ steps, title = "First steps", name }: StepListProps): ReactNode {
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
