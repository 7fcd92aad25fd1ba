/**
 * @module lib/adopted-style
 * Stands in for React's JSX runtime in the few modules of Mantine that write `<style>` elements (see vite.config.ts).
 * A constructable style sheet does the same under a policy that forbids inline styles.
 */
import { useInsertionEffect } from "react";
import { jsx as reactJsx } from "react/jsx-runtime";
import type { ElementType, ReactElement } from "react";

type StyleProps = { dangerouslySetInnerHTML?: { __html: string }; children?: string };

/** Sheets in use, so that equal rules are adopted once. */
const sheets = new Map<string, { sheet: CSSStyleSheet; users: number }>();

function AdoptedStyle({ css }: { css: string }): null {
  useInsertionEffect(() => {
    const known = sheets.get(css);
    if (known !== undefined) {
      known.users += 1;
    } else {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      sheets.set(css, { sheet, users: 1 });
      document.adoptedStyleSheets.push(sheet);
    }
    return () => {
      const entry = sheets.get(css);
      if (entry === undefined) return;
      entry.users -= 1;
      if (entry.users > 0) return;
      sheets.delete(css);
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== entry.sheet);
    };
  }, [css]);
  return null;
}

/** Like `jsx` of React, but a `style` element becomes an adopted style sheet. */
export function jsx(type: ElementType, props: StyleProps, key?: string): ReactElement {
  if (type !== "style") return reactJsx(type, props, key);
  const css = props.dangerouslySetInnerHTML?.__html ?? props.children ?? "";
  return reactJsx(AdoptedStyle, { css }, key);
}

/** Like {@link jsx}, for elements with several children. */
export const jsxs = jsx;
