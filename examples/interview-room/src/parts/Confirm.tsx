import { useId, useLayoutEffect, useRef } from "react";

interface ConfirmProps {
  title: string;
  why: string;
  yes: string;
  no: string;
  onYes(): void;
  onNo(): void;
}

/** The browser's own dialog: it holds the focus, and Escape means no. */
export function Confirm({ title, why, yes, no, onYes, onNo }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still in the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={`${id}-title`} aria-describedby={`${id}-why`} onCancel={onNo}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-why`}>{why}</p>
      <div className="actions">
        <button type="button" className="quiet" onClick={onNo}>
          {no}
        </button>
        <button type="button" className="danger" onClick={onYes}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}
