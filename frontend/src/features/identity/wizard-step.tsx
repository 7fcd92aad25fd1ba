/**
 * @module features/identity/wizard-step
 * One step of a wizard: where one is, one heading, one primary action.
 */
import { Progress, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";

/** Props of {@link WizardStep}. */
export type WizardStepProps = { step: number; steps: number; title: string; intro?: ReactNode; children: ReactNode };

/** Draws a step, and moves focus to its heading when it appears. */
export function WizardStep({ step, steps, title, intro, children }: WizardStepProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [title]);
  return (
    <Stack gap="lg">
      <div className="no-print">
        <Text c="dimmed" mb={8}>
          Step {step} of {steps}
        </Text>
        <Progress value={(step / steps) * 100} size={6} aria-label={`Step ${step} of ${steps}`} />
      </div>
      <div>
        <Title order={1} ref={heading} tabIndex={-1} className="carekey-heading">
          {title}
        </Title>
        {intro !== undefined && (
          <Text component="div" c="dimmed" mt={6}>
            {intro}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
