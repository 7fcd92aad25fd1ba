/**
 * @module services/gateway/mail/smtp
 * Mail by a real mail server.
 */
import { createTransport } from "nodemailer";
import { SdkError } from "@carekey/sdk/errors";
import type { Mailer } from "../ports.ts";

const PATIENCE_MS = 10_000;

/**
 * A mailer over SMTP.
 * `options.url`: smtp:// or smtps://, with user and password if the server wants them.
 * `options.from`: the sender, as an address or `Name <address>`.
 */
export function createSmtpMailer(options: { url: string; from: string }): Mailer & { close(): void } {
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text }) {
      try {
        // As an object, an address is taken as one, whatever separators stand in it.
        await transport.sendMail({ from: options.from, to: { name: "", address: to }, subject, text });
      } catch (cause) {
        throw new SdkError("MAIL_UNAVAILABLE", "the mail server does not take the mail", { cause });
      }
    },
    close: () => transport.close(),
  };
}

/** The mailer of a public gateway without a mail server: says so. */
export const noMailer: Mailer = {
  send: () => Promise.reject(new SdkError("MAIL_UNAVAILABLE", "this gateway has no mail server (SMTP_URL)")),
};
