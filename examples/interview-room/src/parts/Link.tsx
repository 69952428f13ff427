import type { MouseEvent, ReactNode } from "react";
import { go } from "../router.ts";

interface LinkProps {
  to: string;
  children: ReactNode;
  className?: string;
  label?: string;
  current?: boolean;
}

/** A link within the page; with a modifier key it opens like any other. */
export function Link({ to, children, className, label, current }: LinkProps) {
  function follow(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  }
  return (
    <a href={to} className={className} aria-label={label} aria-current={current ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}
