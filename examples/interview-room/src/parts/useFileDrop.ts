import { useEffect, useEffectEvent, useState } from "react";

/** Takes a file dropped anywhere on the page, which the browser would else leave for it. Returns whether one hovers over it. */
export function useFileDrop(onFile: (file: File) => void): boolean {
  const [hovers, setHovers] = useState(false);

  const drop = useEffectEvent((event: DragEvent) => {
    setHovers(false);
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    onFile(file);
  });

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setHovers(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setHovers(false);
    };
    addEventListener("dragover", over, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", (event) => drop(event), { signal });
    return () => listening.abort();
  }, []);

  return hovers;
}
