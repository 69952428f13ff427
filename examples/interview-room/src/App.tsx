import { useLayoutEffect, useRef } from "react";
import type { Api } from "./api/client.ts";
import { useSignal } from "./api/useSignal.ts";
import { type Language, useSpeech } from "./i18n.tsx";
import { HistoryPage } from "./pages/HistoryPage.tsx";
import { SessionPage } from "./pages/SessionPage.tsx";
import { SignInPage } from "./pages/SignInPage.tsx";
import { StartPage } from "./pages/StartPage.tsx";
import { Link } from "./parts/Link.tsx";
import { historyPath, startPath, useRoute } from "./router.ts";

export function App({ api }: { api: Api }) {
  const { texts } = useSpeech();
  const signedOut = useSignal(api.token.wanted);
  const lost = useSignal(api.connection) === "LOST";
  const content = useFocusOnNavigation();
  return (
    <>
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <Header />
      <div className="notices" role="status">
        {lost && !signedOut && <p className="banner">{texts.lost}</p>}
      </div>
      <main id="content" ref={content} tabIndex={-1}>
        {signedOut ? <SignInPage api={api} /> : <Page api={api} />}
      </main>
    </>
  );
}

/** A new page is begun at its beginning, also by those who do not see it; what it focuses itself comes after. */
function useFocusOnNavigation() {
  const content = useRef<HTMLElement>(null);
  const route = useRoute();
  const place = route.page === "SESSION" ? route.id : route.page;
  const shown = useRef(place);
  useLayoutEffect(() => {
    if (shown.current !== place) content.current?.focus({ preventScroll: true });
    shown.current = place;
  }, [place]);
  return content;
}

function Page({ api }: { api: Api }) {
  const route = useRoute();
  switch (route.page) {
    case "START":
      return <StartPage />;
    case "HISTORY":
      return <HistoryPage />;
    case "SESSION":
      return <SessionPage key={route.id} id={route.id} connection={api.connection} />;
  }
}

function Header() {
  const { texts, language, setLanguage } = useSpeech();
  const route = useRoute();
  return (
    <header className="top">
      <Link to={startPath} className="brand" label={texts.home}>
        <Mark />
        <span>Vivavoce</span>
      </Link>
      <nav aria-label={texts.nav}>
        <Link to={startPath} current={route.page === "START"}>
          {texts.newInterview}
        </Link>
        <Link to={historyPath} current={route.page === "HISTORY"}>
          {texts.history}
        </Link>
      </nav>
      <fieldset className="languages">
        <legend className="unseen">{texts.language}</legend>
        {(["en", "zh"] satisfies Language[]).map((option) => (
          <label key={option} lang={option}>
            <input
              type="radio"
              name="language"
              className="unseen"
              checked={language === option}
              onChange={() => setLanguage(option)}
            />
            <span>{option === "en" ? "EN" : "中文"}</span>
          </label>
        ))}
      </fieldset>
    </header>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M8 12.500v7M12 9v14M16 11.500v9M20 7v18M24 13v6" />
    </svg>
  );
}
