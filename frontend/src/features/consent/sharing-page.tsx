/**
 * @module features/consent/sharing-page
 * Who can see what: requests that wait, what is shared now, and what was shared before.
 */
import { Button, Stack } from "@mantine/core";
import { IconShare3 } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import type { AccessRequest, Consent } from "@carekey/sdk/client";
import { Section } from "../../components/card.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { useAccessLog } from "../../lib/access-log.ts";
import { groupByPerson, isCurrent } from "./consent-words.ts";
import { useConsents, useOwnRecordTitles, useReceivedRequests, useUnreadableConsents } from "./hooks.ts";
import { LastViewed } from "./last-viewed.tsx";
import { PastConsents } from "./past-consents.tsx";
import { PersonCard } from "./person-card.tsx";
import { AnsweredRequests, RefuseSheet, RequestCard } from "./request-card.tsx";
import { RotationNotice } from "./rotation-notice.tsx";
import { EMPTY_DRAFT, draftFromRequest, type ShareDraft } from "./share-draft.ts";
import { ShareSheet } from "./share-sheet.tsx";
import { SharedWithMe } from "./shared-with-me.tsx";
import { StopSharingSheet } from "./stop-sharing-sheet.tsx";
import { UnreadableConsents } from "./unreadable-consents.tsx";

type Sharing = { key: number; draft: ShareDraft; request: AccessRequest | null };

/** The patient's sharing. */
export function SharingPage(): ReactNode {
  const [parameters, setParameters] = useSearchParams();
  const [sharing, setSharing] = useState<Sharing | null>(
    parameters.has("share") ? { key: 0, draft: EMPTY_DRAFT, request: null } : null,
  );
  const [isOpen, setIsOpen] = useState(sharing !== null);
  const records = useOwnRecordTitles();
  const entryId = parameters.get("record");
  const record = records.data?.find((each) => each.entryId === entryId);
  if (record !== undefined && sharing?.draft.record?.pointer !== record.pointer) {
    setSharing({ key: (sharing?.key ?? 0) + 1, draft: { ...EMPTY_DRAFT, record }, request: null });
    setIsOpen(true);
  }
  const share = (draft: ShareDraft, request: AccessRequest | null) => {
    setSharing({ key: (sharing?.key ?? 0) + 1, draft, request });
    setIsOpen(true);
  };
  const close = () => {
    setIsOpen(false);
    if (parameters.has("share") || parameters.has("record")) setParameters({}, { replace: true });
  };
  const start = (
    <Button leftSection={<IconShare3 size={20} aria-hidden />} onClick={() => share(EMPTY_DRAFT, null)}>
      Share with someone
    </Button>
  );
  return (
    <Screen title="Sharing" intro="Who can see what, until when. You can stop each one at any time." actions={start}>
      <Requests onShare={(request) => share(draftFromRequest(request), request)} />
      <RotationNotice />
      <Consents onShare={() => share(EMPTY_DRAFT, null)} />
      <SharedWithMe />
      {sharing !== null && (
        <ShareSheet
          key={sharing.key}
          opened={isOpen}
          initial={sharing.draft}
          request={sharing.request}
          onClose={close}
        />
      )}
    </Screen>
  );
}

function Requests({ onShare }: { onShare: (request: AccessRequest) => void }): ReactNode {
  const requests = useReceivedRequests();
  const [refusing, setRefusing] = useState<AccessRequest | null>(null);
  return (
    <>
      <RefuseSheet request={refusing} onClose={() => setRefusing(null)} />
      <QueryStates query={requests} label="Looking for requests" skeleton={<></>}>
        {(all) => {
          const waiting = all.filter(({ status }) => status === "waiting");
          const answered = all.filter(({ status }) => status !== "waiting");
          return (
            <>
              {waiting.length > 0 && (
                <Section
                  title={waiting.length === 1 ? "One request waits for you" : `${waiting.length} requests wait for you`}
                >
                  <Stack gap="md">
                    {waiting.map((request) => (
                      <RequestCard
                        key={request.id}
                        request={request}
                        onShare={() => onShare(request)}
                        onRefuse={() => setRefusing(request)}
                      />
                    ))}
                  </Stack>
                </Section>
              )}
              {answered.length > 0 && <AnsweredRequests requests={answered} />}
            </>
          );
        }}
      </QueryStates>
    </>
  );
}

function Consents({ onShare }: { onShare: () => void }): ReactNode {
  const consents = useConsents();
  const unreadable = useUnreadableConsents();
  const { log } = useAccessLog();
  const views = log.data?.views ?? null;
  const [stopping, setStopping] = useState<Consent | null>(null);
  return (
    <>
      <StopSharingSheet consent={stopping} views={views} onClose={() => setStopping(null)} />
      <QueryStates
        query={consents}
        label="Looking up what you share"
        isEmpty={(all) => all.length === 0 && (unreadable.data ?? []).length === 0}
        empty={{
          drawing: "sharing",
          title: "You share with nobody",
          text: "Your records are readable by you alone. Share a part of them with your doctor for as long as you like, and stop whenever you want.",
          action: <Button onClick={onShare}>Share with your doctor</Button>,
        }}
      >
        {(all) => {
          const current = groupByPerson(all.filter(isCurrent));
          const past = all.filter((consent) => !isCurrent(consent));
          return (
            <>
              <Section title="Who can see what" action={current.length > 0 && <LastViewed />}>
                {current.length === 0 ? (
                  <p>Nobody, at the moment. Your records are readable by you alone.</p>
                ) : (
                  <Stack gap="md">
                    {current.map((person) => (
                      <PersonCard key={person.grantee.address} person={person} views={views} onStop={setStopping} />
                    ))}
                  </Stack>
                )}
              </Section>
              {(unreadable.data ?? []).length > 0 && <UnreadableConsents consents={unreadable.data ?? []} />}
              {past.length > 0 && (
                <PastConsents consents={past} views={views} action={current.length === 0 && <LastViewed />} />
              )}
            </>
          );
        }}
      </QueryStates>
    </>
  );
}
