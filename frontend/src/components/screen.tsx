/**
 * @module components/screen
 * The frame of a screen: its title (also the document's), its actions, and the place where focus goes on a route change.
 */
import { Anchor, Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "react-router";
import classes from "./screen.module.css";

/** Props of {@link Screen}. */
export type ScreenProps = {
  title: string;
  /** One sentence under the title. */
  intro?: ReactNode;
  /** The screen's primary action, and at most one beside it. */
  actions?: ReactNode;
  back?: { to: string; label: string };
  /** `wide` for tables and charts; the default suits reading. */
  width?: "normal" | "wide" | "narrow";
  children: ReactNode;
};

/** A screen. Moves focus to its heading when it appears, so that a screen reader starts there. */
export function Screen({ title, intro, actions, back, width = "normal", children }: ScreenProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(title);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);
  return (
    <div className={classes.root} data-width={width}>
      {back !== undefined && (
        <Anchor component={Link} to={back.to} className={classes.back} underline="never">
          <IconChevronLeft size={20} aria-hidden="true" />
          {back.label}
        </Anchor>
      )}
      <header className={classes.header}>
        <div className={classes.words}>
          <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </Title>
          {intro !== undefined && (
            <Text component="div" c="dimmed" mt={4}>
              {intro}
            </Text>
          )}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      <div className={classes.content}>{children}</div>
    </div>
  );
}

/** Sets the document's title while the component is shown. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Carekey`;
  }, [title]);
}
