/**
 * @module components/done-list
 * The steps of something long, as a list that fills.
 */
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./done-list.module.css";

/** The list; its children are {@link Done}. */
export function DoneList({ children }: { children: ReactNode }): ReactNode {
  return <ul className={classes.steps}>{children}</ul>;
}

/** One step. */
export function Done({ isDone, text }: { isDone: boolean; text: string }): ReactNode {
  return (
    <li data-done={isDone}>
      {isDone ? <IconCircleCheck size={22} aria-label="Done:" /> : <IconCircle size={22} aria-label="Still to do:" />}
      <span>{text}</span>
    </li>
  );
}
