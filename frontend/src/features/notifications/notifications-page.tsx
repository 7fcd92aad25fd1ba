/**
 * @module features/notifications/notifications-page
 * What happened since the last visit and what ends soon, newest first, each with the way to where one acts.
 */
import { Button, Stack, Text } from "@mantine/core";
import { IconChecks, IconEye } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useMarkRead, useNews, useNewsChoices } from "../../lib/notifications.ts";
import { useDeviceNews } from "../../lib/use-device-news.ts";
import { newsLines, type NewsLine } from "./news-lines.ts";
import { NewsRow } from "./news-row.tsx";
import classes from "./notifications.module.css";

/** The page. */
export function NotificationsPage(): ReactNode {
  const { role } = useCarekey();
  const pages = useNews();
  const device = useDeviceNews();
  const mark = useMarkRead();
  const items = (pages.data?.pages ?? []).flatMap((page) => page.items);
  const lines = newsLines(items, device.news, { role, hasMore: pages.hasNextPage });
  const newest = items[0];
  const isAllRead = (pages.data?.pages[0]?.unread ?? 0) + device.unread === 0;

  const markOne = ({ source, isRead }: NewsLine): void => {
    if (isRead) return;
    if ("device" in source) void device.markRead([source.device]);
    else void mark.run({ cursors: [source.cursor] });
  };
  const markAll = (): void => {
    void device.markRead(device.news);
    if (newest !== undefined) void mark.run({ upTo: newest.cursor });
  };

  return (
    <Screen
      title="Notifications"
      intro={
        <>
          What happened, and what ends soon. Choose under{" "}
          <Link className={classes.link} to="/me">
            Me
          </Link>{" "}
          what you hear about.
        </>
      }
      actions={
        isAllRead ? undefined : (
          <Button
            variant="default"
            leftSection={<IconChecks size={20} aria-hidden />}
            loading={mark.isRunning}
            onClick={markAll}
          >
            Mark all as read
          </Button>
        )
      }
    >
      <Stack gap="md">
        <ActStatus act={mark} hideDone />
        {role === "patient" && !device.hasViews && <ViewsAreClosed />}
        <QueryStates
          query={pages}
          label="Loading your notifications"
          isEmpty={() => lines.length === 0}
          empty={{
            drawing: "inbox",
            title: "Nothing new",
            text: "Requests, answers, entries that wait for you and emergencies appear here by themselves.",
          }}
        >
          {() => (
            <Card padding="none">
              <ol className={classes.list}>
                {lines.map((line) => (
                  <li key={line.key}>
                    <NewsRow line={line} onRead={() => markOne(line)} />
                  </li>
                ))}
              </ol>
            </Card>
          )}
        </QueryStates>
        {pages.hasNextPage && (
          <Button
            variant="default"
            className={classes.older}
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show older ones
          </Button>
        )}
      </Stack>
    </Screen>
  );
}

/** Keepers tell views to the patient's own session only, which takes one signature in this tab. */
function ViewsAreClosed(): ReactNode {
  const choices = useNewsChoices();
  if (choices.data === undefined || choices.data.preferences.views === "off") return null;
  return (
    <Notice icon={<IconEye size={24} />} title="Who looked at your records">
      <Text mb="sm">
        Keepers tell that to you alone, after one signature. Open the list once, and this tab also tells you who it was.
      </Text>
      <Button component={Link} to="/activity" variant="default">
        See who looked
      </Button>
    </Notice>
  );
}
