/**
 * @module components/viewers/pdf-view
 * A PDF drawn on canvases by pdf.js in a worker of this origin. Scripts, forms and links inside the document are not run;
 * the words of each page are there for screen readers.
 */
import { Stack, Text, VisuallyHidden } from "@mantine/core";
import {
  getDocument,
  PDFWorker,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  type PDFPageProxy,
} from "pdfjs-dist";
import PdfJsWorker from "pdfjs-dist/build/pdf.worker.min.mjs?worker";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Notice } from "../notice.tsx";
import { LoadingLines } from "../query-states.tsx";
import { ZoomBar } from "./zoom-bar.tsx";
import classes from "./viewers.module.css";

/** Largest canvas, in pixels: beyond it phones run out of memory. */
const MAX_CANVAS_PIXELS = 16e6;

type Loaded =
  { status: "loading" } | { status: "ready"; pdf: PDFDocumentProxy } | { status: "failed"; locked: boolean };

/** A PDF document, page under page. */
export function PdfView({ name, blob }: { name: string; blob: Blob }): ReactNode {
  const loaded = usePdf(blob);
  const [zoom, setZoom] = useState(1);
  const stage = useRef<HTMLDivElement>(null);
  const width = useWidth(stage, loaded.status);
  if (loaded.status === "loading") return <LoadingLines count={2} />;
  if (loaded.status === "failed") {
    return (
      <Notice title="This document cannot be shown">
        {loaded.locked
          ? "It is protected with a password. Download it and open it with a PDF program."
          : "The file is damaged, or not a PDF after all. You can still download it."}
      </Notice>
    );
  }
  const { pdf } = loaded;
  return (
    <Stack gap="sm">
      <ZoomBar zoom={zoom} onZoom={setZoom}>
        <Text c="dimmed">{pdf.numPages === 1 ? "1 page" : `${pdf.numPages} pages`}</Text>
      </ZoomBar>
      <div ref={stage} className={classes.stage} tabIndex={0} role="group" aria-label={`Document ${name}`}>
        <div className={classes.pages}>
          {width > 0 &&
            Array.from({ length: pdf.numPages }, (_, index) => (
              <PdfPage key={index} pdf={pdf} number={index + 1} width={Math.floor(width * zoom)} />
            ))}
        </div>
      </div>
    </Stack>
  );
}

function usePdf(blob: Blob): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ status: "loading" });
  useEffect(() => {
    let isShown = true;
    const port = new PdfJsWorker();
    const worker = PDFWorker.create({ port });
    let task: PDFDocumentLoadingTask | null = null;
    const load = async () => {
      const data = await blob.arrayBuffer();
      if (!isShown) return;
      task = getDocument({ data, worker, enableXfa: false, useWasm: false, useWorkerFetch: false });
      const pdf = await task.promise;
      if (isShown) setLoaded({ status: "ready", pdf });
    };
    load().catch((error: unknown) => {
      const locked = error instanceof Error && error.name === "PasswordException";
      if (isShown) setLoaded({ status: "failed", locked });
    });
    return () => {
      isShown = false;
      void Promise.resolve(task?.destroy()).finally(() => {
        worker.destroy();
        port.terminate();
      });
    };
  }, [blob]);
  return loaded;
}

/** The inner width of the stage, kept up to date. */
function useWidth(stage: { current: HTMLElement | null }, status: string): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(120, entry.contentRect.width - 40)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage, status]);
  return width;
}

function PdfPage({ pdf, number, width }: { pdf: PDFDocumentProxy; number: number; width: number }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isNear = useIsNear(frame);
  const [page, setPage] = useState<PDFPageProxy | null>(null);
  const [words, setWords] = useState("");

  useEffect(() => {
    if (!isNear) return;
    let isShown = true;
    void pdf.getPage(number).then(async (found) => {
      if (!isShown) return;
      setPage(found);
      const { items } = await found.getTextContent();
      const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join(" ");
      if (isShown) setWords(text);
    });
    return () => {
      isShown = false;
    };
  }, [pdf, number, isNear]);

  useEffect(() => {
    const target = canvas.current;
    if (page === null || target === null) return;
    const plain = page.getViewport({ scale: 1 });
    const ratio = Math.min(
      window.devicePixelRatio,
      Math.sqrt(MAX_CANVAS_PIXELS / (width * width * (plain.height / plain.width))),
    );
    const viewport = page.getViewport({ scale: (width / plain.width) * ratio });
    target.width = Math.floor(viewport.width);
    target.height = Math.floor(viewport.height);
    const task = page.render({ canvas: target, viewport });
    task.promise.catch(() => undefined); // cancelled by the next size, or by leaving
    return () => task.cancel();
  }, [page, width]);

  const size = page?.getViewport({ scale: 1 });
  const height = Math.floor(width * (size === undefined ? Math.SQRT2 : size.height / size.width));
  return (
    <div ref={frame} className={classes.page} style={{ width, height }}>
      <canvas ref={canvas} style={{ width, height }} role="img" aria-label={`Page ${number} of ${pdf.numPages}`} />
      <VisuallyHidden>{words}</VisuallyHidden>
    </div>
  );
}

/** True once the element has come near the visible part. */
function useIsNear(element: { current: HTMLElement | null }): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (element.current === null || isNear) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: "800px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, isNear]);
  return isNear;
}
