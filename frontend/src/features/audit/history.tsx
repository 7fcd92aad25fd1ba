/**
 * @module features/audit/history
 * What the person added, decided and shared, newest first. Refusals are kept like everything else.
 */
import { Text } from "@mantine/core";
import {
  IconCheck,
  IconClockStop,
  IconFilePlus,
  IconHandStop,
  IconInbox,
  IconShare3,
  IconX,
  type IconProps,
} from "@tabler/icons-react";
import { useMemo, type ComponentType, type ReactNode } from "react";
import { Link } from "react-router";
import { Card } from "../../components/card.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDateTime } from "../../lib/format.ts";
import { historyOf, type HistoryEvent } from "./activity-model.ts";
import { useBlockTimes, useHistoryConsents, useHistoryRecords, useHistoryRequests } from "./hooks.ts";
import classes from "./activity.module.css";

const looks: Readonly<
  Record<HistoryEvent["kind"], { Icon: ComponentType<IconProps>; words: (who: ReactNode) => ReactNode }>
> = {
  added: { Icon: IconFilePlus, words: () => "You added" },
  submitted: { Icon: IconInbox, words: (who) => <>{who} sent you:</> },
  waiting: { Icon: IconInbox, words: (who) => <>{who} sent you, and it waits for you:</> },
  approved: { Icon: IconCheck, words: (who) => <>You approved what {who} sent:</> },
  denied: { Icon: IconX, words: (who) => <>You refused what {who} sent:</> },
  shared: { Icon: IconShare3, words: (who) => <>You shared with {who}:</> },
  stopped: { Icon: IconHandStop, words: (who) => <>You stopped sharing with {who}:</> },
  ended: { Icon: IconClockStop, words: (who) => <>Sharing with {who} ended by itself:</> },
  "refused-request": { Icon: IconX, words: (who) => <>You refused a request from {who}:</> },
};

/** The history. */
export function History(): ReactNode {
  const { carekey } = useCarekey();
  const records = useHistoryRecords();
  const consents = useHistoryConsents();
  const requests = useHistoryRequests();
  const blockTimes = useBlockTimes(records.data?.records ?? []);
  const events = useMemo(
    () =>
      historyOf({
        records: records.data?.records ?? [],
        consents: consents.data ?? [],
        requests: requests.data ?? [],
        blockTimes: blockTimes.data ?? new Map<bigint, number>(),
        now: carekey.now(),
      }),
    [records.data, consents.data, requests.data, blockTimes.data, carekey],
  );
  return (
    <QueryStates
      query={records}
      label="Reading your history"
      isEmpty={() => events.length === 0 && !consents.isPending}
      empty={{
        drawing: "activity",
        title: "Nothing has happened yet",
        text: "What you add, approve, refuse and share is listed here, with its date.",
      }}
    >
      {() => (
        <Card padding="none">
          <ol className={classes.list}>
            {events.map((event) => (
              <li key={event.id}>
                <EventRow event={event} />
              </li>
            ))}
          </ol>
        </Card>
      )}
    </QueryStates>
  );
}

function EventRow({ event }: { event: HistoryEvent }): ReactNode {
  const { Icon, words } = looks[event.kind];
  const who = event.who === null ? null : <PersonName address={event.who} />;
  return (
    <div className={classes.event}>
      <Icon size={24} aria-hidden="true" />
      <div className={classes.words}>
        <Text component="div">
          {words(who)}{" "}
          {event.entryId === null ? (
            <strong>{event.title}</strong>
          ) : (
            <Link className={classes.link} to={`/records/${event.entryId}`}>
              {event.title}
            </Link>
          )}
        </Text>
        {event.detail !== null && <Text c="dimmed">{event.detail}</Text>}
      </div>
      <time className={classes.date} dateTime={new Date(event.at * 1000).toISOString()}>
        {formatDateTime(event.at)}
      </time>
    </div>
  );
}
