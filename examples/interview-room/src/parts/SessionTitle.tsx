import { useEffect, useState } from "react";
import { useSpeech } from "../i18n.tsx";

interface Titled {
  jobTitle: string | null;
  companyName: string | null;
}

export function SessionTitle({ session }: { session: Titled }) {
  const title = useTitle(session);
  useEffect(() => {
    document.title = `${title} – Vivavoce`;
    return () => {
      document.title = "Vivavoce";
    };
  }, [title]);
  return <h1 className="session-title">{title}</h1>;
}

export function useTitle({ jobTitle, companyName }: Titled): string {
  const { texts } = useSpeech();
  const title = jobTitle ?? texts.untitled;
  return companyName === null ? title : `${title} ${texts.at(companyName)}`;
}

/** Minutes and seconds since then; told to nobody who does not look. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  return <time>{hours > 0 ? `${hours}:${rest}` : rest}</time>;
}
