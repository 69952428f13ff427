import { createSignal, type Signal } from "@vivavoce/client/signal.ts";
import { createContext, type ReactNode, useContext } from "react";
import { useSignal } from "./api/useSignal.ts";
import { en, type Texts, zh } from "./texts.ts";

export type Language = "en" | "zh";

const storageKey = "vivavoce.language";

/** The language last chosen, else the first of the browser's that we have, else English. */
export function createLanguage(): Signal<Language> {
  const language = createSignal<Language>(chosen() ?? preferred());
  const apply = (): void => {
    document.documentElement.lang = language.get() === "zh" ? "zh-CN" : "en";
  };
  language.subscribe(() => {
    localStorage.setItem(storageKey, language.get());
    apply();
  });
  apply();
  return language;
}

function chosen(): Language | null {
  const value = localStorage.getItem(storageKey);
  return value === "en" || value === "zh" ? value : null;
}

function preferred(): Language {
  const first = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]).find((t) => t === "en" || t === "zh");
  return first === "zh" ? "zh" : "en";
}

interface Speech {
  texts: Texts;
  language: Language;
  setLanguage(language: Language): void;
  date(iso: string): string;
  time(date: Date): string;
}

const Context = createContext<Speech | null>(null);

export function LanguageProvider({ signal, children }: { signal: Signal<Language>; children: ReactNode }) {
  const language = useSignal(signal);
  const locale = language === "zh" ? "zh-CN" : "en";
  const speech: Speech = {
    texts: language === "zh" ? zh : en,
    language,
    setLanguage: signal.set,
    date: (iso) => new Date(iso).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" }),
    time: (date) => date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" }),
  };
  return <Context value={speech}>{children}</Context>;
}

export function useSpeech(): Speech {
  return useContext(Context)!;
}
