/**
 * @module features/consent/step-how
 * Until when, the whole history or from now on, how often, and what for.
 */
import { Checkbox, NumberInput, Radio, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { MAX_COUNTED_VIEWS } from "@carekey/sdk/keeper";
import { useCarekey } from "../../lib/carekey.tsx";
import { dayOf } from "../../lib/days.ts";
import { formatDate } from "../../lib/format.ts";
import { DURATIONS, MAX_NAME, MAX_PURPOSE, USUAL_LIMIT, calledBy, endOf } from "./share-draft.ts";
import type { StepProps } from "./step-who.tsx";
import classes from "./sharing.module.css";

/** Step three. */
export function StepHow({ draft, onChange }: StepProps): ReactNode {
  const { carekey } = useCarekey();
  const now = carekey.now();
  const name = calledBy(draft);
  return (
    <Stack gap="lg">
      <Radio.Group label="Until when?" value={draft.duration} onChange={(duration) => onChange({ duration })}>
        <div className={classes.options}>
          {DURATIONS.map(({ value, label }) => (
            <Radio
              key={value}
              value={value}
              label={label}
              description={
                value === "open"
                  ? "Without an end. For a person you trust for good"
                  : `Until ${formatDate(endOf({ duration: value, lastDay: "" }, now) ?? now)}`
              }
              className={classes.option}
            />
          ))}
          <Radio value="date" label="Another day" className={classes.option} />
        </div>
      </Radio.Group>
      {draft.duration === "date" && (
        <TextInput
          type="date"
          label="Last day"
          min={dayOf(now)}
          value={draft.lastDay}
          onChange={(event) => onChange({ lastDay: event.currentTarget.value })}
        />
      )}
      {draft.canRead && (
        <>
          {draft.record === null && (
            <Radio.Group
              label="Which time?"
              value={draft.fromNow ? "now" : "all"}
              onChange={(value) => onChange({ fromNow: value === "now" })}
            >
              <div className={classes.options}>
                <Radio
                  value="all"
                  label="My whole history"
                  description="What is there already, and what comes"
                  className={classes.option}
                />
                <Radio
                  value="now"
                  label="From now on"
                  description="Only what comes after today"
                  className={classes.option}
                />
              </div>
            </Radio.Group>
          )}
          <Limit draft={draft} onChange={onChange} />
          <Checkbox
            label="Ask for a code at every view"
            description={`${name} enters a one-time code first, which then holds for five minutes. A stolen wallet opens nothing.`}
            checked={draft.asksForCode}
            onChange={(event) => onChange({ asksForCode: event.currentTarget.checked })}
          />
        </>
      )}
      <TextInput
        label="What is it for?"
        description={`${name} reads this, and you find it again later.`}
        placeholder="For example: check-up before my operation"
        maxLength={MAX_PURPOSE}
        value={draft.purpose}
        onChange={(event) => onChange({ purpose: event.currentTarget.value })}
      />
      <TextInput
        label="Your name, as they shall see it"
        description="Sealed for this person alone. You may leave it empty."
        autoComplete="name"
        maxLength={MAX_NAME}
        value={draft.ownName}
        onChange={(event) => onChange({ ownName: event.currentTarget.value })}
      />
    </Stack>
  );
}

function Limit({ draft, onChange }: StepProps): ReactNode {
  const { maxViews } = draft;
  return (
    <Stack gap="sm">
      <Radio.Group
        label="How many times may they open a record?"
        value={maxViews === null ? "any" : "limited"}
        onChange={(value) => onChange({ maxViews: value === "any" ? null : USUAL_LIMIT })}
      >
        <div className={classes.options}>
          <Radio value="any" label="As often as they need" className={classes.option} />
          <Radio
            value="limited"
            label="A number of times"
            description="All records together. To open one again after ten minutes counts again"
            className={classes.option}
          />
        </div>
      </Radio.Group>
      {maxViews !== null && (
        <NumberInput
          label="At most this many times"
          min={1}
          max={MAX_COUNTED_VIEWS}
          allowDecimal={false}
          value={maxViews}
          onChange={(value) => onChange({ maxViews: Math.min(MAX_COUNTED_VIEWS, Math.max(1, Number(value) || 1)) })}
        />
      )}
    </Stack>
  );
}
