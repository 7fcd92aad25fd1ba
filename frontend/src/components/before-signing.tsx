/**
 * @module components/before-signing
 * The plain-language panel before every signature: what will happen, and what cannot be undone.
 */
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconPointFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./before-signing.module.css";

/** Props of {@link BeforeSigning}. */
export type BeforeSigningProps = {
  title: string;
  /** What the signature does, one plain sentence each. */
  points: readonly ReactNode[];
  /** What cannot be undone, if anything. */
  irreversible?: ReactNode;
  /** What it costs; by default that the wallet will say. Null says nothing. */
  cost?: ReactNode;
  confirmLabel?: string;
  cancelLabel?: string;
  onConfirm: () => void;
  onCancel?: () => void;
  isRunning?: boolean;
  isDanger?: boolean;
  disabled?: boolean;
  children?: ReactNode;
};

/** A panel with one primary action. */
export function BeforeSigning(props: BeforeSigningProps): ReactNode {
  const { confirmLabel = "Continue in your wallet", cancelLabel = "Not now", cost } = props;
  return (
    <div className={classes.root}>
      <Title order={2} size="h3" mb="sm">
        {props.title}
      </Title>
      <ul className={classes.points}>
        {props.points.map((point, index) => (
          <li key={index}>
            <IconCheck size={20} aria-hidden="true" />
            <span>{point}</span>
          </li>
        ))}
        {props.irreversible !== undefined && (
          <li data-irreversible="">
            <IconPointFilled size={20} aria-hidden="true" />
            <span>{props.irreversible}</span>
          </li>
        )}
      </ul>
      <Stack gap="md" mt="md">
        {cost !== undefined && cost !== null && <Text c="dimmed">{cost}</Text>}
        {props.children}
        <Group gap="sm">
          <Button
            onClick={props.onConfirm}
            loading={props.isRunning}
            disabled={props.disabled}
            color={props.isDanger ? "red.8" : undefined}
          >
            {confirmLabel}
          </Button>
          {props.onCancel !== undefined && (
            <Button variant="default" onClick={props.onCancel} disabled={props.isRunning}>
              {cancelLabel}
            </Button>
          )}
        </Group>
      </Stack>
    </div>
  );
}
