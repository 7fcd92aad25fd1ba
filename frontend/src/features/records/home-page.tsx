/**
 * @module features/records/home-page
 * The first screen: what waits for the person, that the history is whole, and a summary of the health in it.
 */
import { Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconChevronRight, IconShare3 } from "@tabler/icons-react";
import { useMemo, type ReactNode } from "react";
import { Link } from "react-router";
import type { OwnRecord } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { FirstSteps } from "../../components/first-steps.tsx";
import { OwnHistoryCheck } from "../../components/own-history-check.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { HealthLines } from "./health-lines.tsx";
import { summariseHealth } from "./health-summary.ts";
import { useOwnRecords, useWaitingRequests } from "./hooks.ts";
import { LatestResults } from "./latest-results.tsx";
import { standingOf } from "./record-model.ts";
import { useUploads } from "./uploads.ts";
import classes from "./home-page.module.css";

/** The patient's home. */
export function HomePage(): ReactNode {
  const records = useOwnRecords();
  return (
    <Screen
      title="Home"
      actions={
        <Button
          component={Link}
          to="/sharing?share=1"
          variant="default"
          leftSection={<IconShare3 size={20} aria-hidden />}
        >
          Share with someone
        </Button>
      }
    >
      <FirstSteps />
      <WaitingForYou records={records.data ?? []} />
      <OwnHistoryCheck />
      <QueryStates
        query={records}
        isEmpty={(all) => all.length === 0}
        label="Opening your records on this device"
        empty={NOTHING_YET}
      >
        {(all) => <Summary records={all} />}
      </QueryStates>
    </Screen>
  );
}

const NOTHING_YET = {
  title: "Your health at a glance, once there is something in it",
  text: "Problems, medicines, allergies and results appear here from your records. Add a file, or share with your doctor so that they can write to you.",
  action: (
    <Group gap="sm" justify="center">
      <Button component={Link} to="/records">
        Add your first record
      </Button>
      <Button component={Link} to="/me/new-wallet" variant="default">
        I had another wallet before
      </Button>
    </Group>
  ),
} as const;

function WaitingForYou({ records }: { records: readonly OwnRecord[] }): ReactNode {
  const requests = useWaitingRequests();
  const { snapshot } = useUploads();
  const entries = records.filter((record) => standingOf(record) === "waiting").length;
  const asking = requests.data?.length ?? 0;
  const ready = snapshot.items.filter(({ state }) => state === "ready").length;
  const stopped = snapshot.items.filter(({ state }) => state === "needs-file" || state === "changed").length;
  const lines = [
    {
      count: entries,
      to: "/records",
      text: plural(entries, "entry to approve or refuse", "entries to approve or refuse"),
    },
    {
      count: asking,
      to: "/sharing",
      text: plural(asking, "person asks to see your records", "people ask to see your records"),
    },
    { count: ready, to: "/records", text: plural(ready, "file is ready to add", "files are ready to add") },
    {
      count: stopped,
      to: "/records",
      text: plural(stopped, "upload waits for its file", "uploads wait for their files"),
    },
  ].filter(({ count }) => count > 0);
  if (lines.length === 0) return null;
  return (
    <Section title="Waiting for you">
      <Card padding="none" tone="waiting">
        <ul className={classes.list}>
          {lines.map(({ to, text }) => (
            <li key={text}>
              <Link to={to} className={classes.waiting}>
                <span>{text}</span>
                <IconChevronRight size={22} aria-hidden="true" />
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? `One ${one}` : `${count} ${many}`;
}

function Summary({ records }: { records: readonly OwnRecord[] }): ReactNode {
  const summary = useMemo(() => summariseHealth(records), [records]);
  const { problems, medications, allergies, results } = summary;
  if (problems.length + medications.length + allergies.length + results.length === 0) {
    return (
      <EmptyState
        drawing="records"
        title="No summary yet"
        text="Your records hold files that Carekey does not read. Entries from your doctor and health data files appear here as a summary."
        action={
          <Group justify="center">
            <Button component={Link} to="/records" variant="default">
              See all records
            </Button>
          </Group>
        }
      />
    );
  }
  return (
    <Stack gap="xl">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
        <HealthLines title="Allergies" lines={allergies} nothing="No allergy is recorded." />
        <HealthLines title="Medicines" lines={medications} nothing="No medicine is recorded." />
        <HealthLines title="Problems" lines={problems} nothing="No diagnosis is recorded." />
      </SimpleGrid>
      {results.length > 0 && (
        <Section title="Latest results">
          <LatestResults results={results} />
        </Section>
      )}
      <Text c="dimmed">This summary comes from the records you approved or added. It is not medical advice.</Text>
    </Stack>
  );
}
