import type { ReactNode } from "react";

/** Something the reader should know at once; it is also read aloud. */
export function Notice({ tone, children }: { tone: "CALM" | "WRONG"; children: ReactNode }) {
  return (
    <div className={`notice ${tone.toLowerCase()}`} role={tone === "WRONG" ? "alert" : "status"}>
      {children}
    </div>
  );
}
