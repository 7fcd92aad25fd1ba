/**
 * @module features/notifications/news-row
 * One line of the notifications.
 */
import { ActionIcon, Badge, Text } from "@mantine/core";
import { IconBell, IconCheck, IconUrgent } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { formatRelative } from "../../lib/format.ts";
import type { NewsLine } from "./news-lines.ts";
import classes from "./notifications.module.css";

/** A line. Following its link marks it as read. */
export function NewsRow({ line, onRead }: { line: NewsLine; onRead: () => void }): ReactNode {
  const { text, more, path, isRead, at } = line;
  const Icon = line.isUrgent ? IconUrgent : IconBell;
  return (
    <div className={classes.row} data-unread={!isRead} data-urgent={line.isUrgent}>
      <Icon className={classes.icon} size={24} aria-hidden="true" />
      <div className={classes.words}>
        <Text component="div" fw={isRead ? 400 : 600}>
          {path === null ? (
            text
          ) : (
            <Link className={classes.link} to={path} onClick={onRead}>
              {text}
            </Link>
          )}
        </Text>
        {more !== null && <Text>{more}</Text>}
        <time className={classes.date} dateTime={new Date(at * 1000).toISOString()}>
          {formatRelative(at)}
        </time>
      </div>
      {!isRead && (
        <div className={classes.state}>
          <Badge color={line.isUrgent ? "red" : "teal"}>{line.isUrgent ? "Urgent" : "New"}</Badge>
          <ActionIcon variant="default" size={44} onClick={onRead} aria-label={`Mark as read: ${text}`}>
            <IconCheck size={22} aria-hidden="true" />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
