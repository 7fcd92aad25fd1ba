/**
 * @module components/icons
 * Line drawings of empty states, in the text's colour with one accent. Icons beside words come from Tabler.
 */
import type { ReactNode } from "react";

/** What an empty state shows. */
export type DrawingName =
  "records" | "sharing" | "activity" | "people" | "inbox" | "calendar" | "search" | "shield" | "key";

const drawings: Record<DrawingName, ReactNode> = {
  records: (
    <>
      <path d="M34 22h38l18 18v58a6 6 0 0 1-6 6H34a6 6 0 0 1-6-6V28a6 6 0 0 1 6-6Z" />
      <path d="M72 22v18h18" />
      <path d="M42 60h34M42 74h34M42 88h20" data-accent="" />
    </>
  ),
  sharing: (
    <>
      <circle cx="38" cy="44" r="14" />
      <path d="M16 96c0-14 10-24 22-24 6 0 11 2 15 6" />
      <circle cx="86" cy="48" r="11" data-accent="" />
      <path d="M66 98c0-12 9-21 20-21s20 9 20 21" data-accent="" />
      <path d="M54 42h18m-6-6 6 6-6 6" />
    </>
  ),
  activity: (
    <>
      <circle cx="60" cy="62" r="42" />
      <path d="M60 38v24l16 10" data-accent="" />
    </>
  ),
  people: (
    <>
      <circle cx="60" cy="42" r="18" />
      <path d="M24 102c2-20 17-32 36-32s34 12 36 32" />
      <path d="M53 88h14M60 81v14" data-accent="" />
    </>
  ),
  inbox: (
    <>
      <path d="M20 66 34 30h52l14 36v26a6 6 0 0 1-6 6H26a6 6 0 0 1-6-6Z" />
      <path d="M20 66h24c2 8 8 13 16 13s14-5 16-13h24" data-accent="" />
    </>
  ),
  calendar: (
    <>
      <rect x="20" y="28" width="80" height="70" rx="8" />
      <path d="M20 48h80M42 18v18M78 18v18" />
      <path d="M44 72l11 11 22-22" data-accent="" />
    </>
  ),
  search: (
    <>
      <circle cx="54" cy="54" r="30" />
      <path d="m76 76 24 24" />
      <path d="M42 54h24" data-accent="" />
    </>
  ),
  shield: (
    <>
      <path d="M60 16 96 30v28c0 24-15 38-36 48-21-10-36-24-36-48V30Z" />
      <path d="m44 60 12 12 22-24" data-accent="" />
    </>
  ),
  key: (
    <>
      <circle cx="42" cy="60" r="20" />
      <path d="M62 60h42v14M88 60v10" />
      <circle cx="42" cy="60" r="6" data-accent="" />
    </>
  ),
};

/** A decorative drawing of 120 px; the words beside it carry the meaning. */
export function Drawing({ name, size = 112 }: { name: DrawingName; size?: number }): ReactNode {
  return (
    <svg className="carekey-drawing" width={size} height={size} viewBox="0 0 120 120" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}
