/**
 * @module components/viewers/image-view
 * A picture that fits its place, can be enlarged, and scrolls by keyboard.
 */
import { Stack } from "@mantine/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Notice } from "../notice.tsx";
import { ZoomBar } from "./zoom-bar.tsx";
import classes from "./viewers.module.css";

/** A picture. `type` is what its bytes prove. */
export function ImageView({ name, blob, type }: { name: string; blob: Blob; type: string }): ReactNode {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([blob], { type }));
    image.current?.setAttribute("src", url);
    return () => URL.revokeObjectURL(url);
  }, [blob, type]);
  const [zoom, setZoom] = useState(1);
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    return <Notice title="This picture cannot be shown">The file is damaged, or this browser cannot read it.</Notice>;
  }
  return (
    <Stack gap="sm">
      <ZoomBar zoom={zoom} onZoom={setZoom} />
      <div className={classes.stage} tabIndex={0} role="group" aria-label={`Picture ${name}`}>
        <img
          className={classes.picture}
          ref={image}
          alt={name}
          style={{ width: `${zoom * 100}%` }}
          onError={() => setBroken(true)}
        />
      </div>
    </Stack>
  );
}
