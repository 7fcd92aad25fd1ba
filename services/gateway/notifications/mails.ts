/**
 * @module services/gateway/notifications/mails
 * Mails that say that something waits, and nothing about what. At most one in a quarter of an hour, but for what is urgent.
 */
import type { CodeKey, Mailer, Store } from "../ports.ts";
import { sealContext } from "../codes/spend.ts";
import type { NotificationStore } from "./types.ts";

/** Seconds between two mails to one person. */
export const MAIL_PAUSE_SECONDS = 900;

/** What {@link sendDueMails} works with. `appUrl`: where the app is. */
export type MailPorts = {
  store: NotificationStore;
  factors: Store["factors"];
  codeKey: Pick<CodeKey, "open">;
  mailer: Mailer;
  appUrl: string;
  now: () => number;
};

/**
 * Sends the mails that are due. A mail that cannot be sent stays due; one that was sent before a crash may be sent again.
 * @param lastBlock - what newer blocks hold waits: a mail cannot be withdrawn.
 * @throws SdkError MAIL_UNAVAILABLE
 */
export async function sendDueMails(ports: MailPorts, lastBlock: number): Promise<void> {
  const { store, factors, codeKey, mailer, appUrl } = ports;
  for (const mail of await store.mailsDue(lastBlock)) {
    const now = ports.now();
    if (!mail.isUrgent && now < (await store.lastMailedAt(mail.recipient)) + MAIL_PAUSE_SECONDS) continue;
    const ways = await factors.of(mail.recipient);
    const way = ways.find((each) => each.way === "mail" && each.isConfirmed);
    if (way === undefined) continue;
    const to = codeKey.open(way.sealed, sealContext(mail.recipient, "mail"));
    await mailer.send({ to, ...wordsOf(mail.isUrgent, appUrl) });
    await store.noteMailed(mail, now);
  }
}

function wordsOf(isUrgent: boolean, appUrl: string): { subject: string; text: string } {
  return {
    subject: isUrgent ? "Please open Carekey now" : "Something new in Carekey",
    text: [
      isUrgent ? "Something in Carekey needs your attention now." : "Something new waits for you in Carekey.",
      "",
      `Open Carekey to see it: ${appUrl}`,
      "",
      "This mail says no more on purpose. You can turn these mails off under Me, Notifications.",
      "",
    ].join("\n"),
  };
}
