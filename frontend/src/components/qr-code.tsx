/**
 * @module components/qr-code
 * A QR code drawn as SVG on this device, black on white in every theme, so that any camera reads it.
 */
import { useMemo, type ReactNode } from "react";
import encodeQR from "qr";

/** Props of {@link QrCode}. */
export type QrCodeProps = {
  /** What a camera reads. */
  value: string;
  /** What it is, for people who do not see it. */
  label: string;
  /** Width and height in CSS pixels. */
  size?: number;
};

/** Modules of quiet zone that the standard asks for. */
const QUIET_ZONE = 4;

/** The code for `value`. */
export function QrCode({ value, label, size = 176 }: QrCodeProps): ReactNode {
  const rows = useMemo(() => encodeQR(value, "raw", { ecc: "medium", border: QUIET_ZONE }), [value]);
  const path = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${rows.length} ${rows.length}`}>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
