import { useMutation } from "@apollo/client/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { CreateSession } from "../api/operations.ts";
import type { CreateSessionInput, InterviewMode, Locale } from "../generated/graphql.ts";
import { useSpeech } from "../i18n.tsx";
import { Notice } from "../parts/Notice.tsx";
import { ResumeField } from "../parts/ResumeField.tsx";
import { go, sessionPath } from "../router.ts";

/** What an interview is made from. */
export function StartPage() {
  const { texts, language } = useSpeech();
  const [create, { loading }] = useMutation(CreateSession);
  const [resumeText, setResumeText] = useState("");
  const [mode, setMode] = useState<InterviewMode>("PLANNED");
  const [count, setCount] = useState(5);
  const [followUps, setFollowUps] = useState(1);
  const [chosenLocale, setLocale] = useState<Locale | null>(null);
  const [complaints, setComplaints] = useState<string[]>([]);
  const locale = chosenLocale ?? (language === "zh" ? "ZH" : "EN");
  const [unfinished, setUnfinished] = useState<string | null>(null);
  const formAt = useRef<HTMLFormElement>(null);
  const complaintsAt = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (complaints.length > 0 || unfinished !== null) complaintsAt.current?.focus();
  }, [complaints, unfinished]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    void begin(false);
  }

  async function begin(forceCreate: boolean): Promise<void> {
    const form = new FormData(formAt.current!);
    const said = (name: string): string | null => String(form.get(name) ?? "").trim() || null;
    const input: CreateSessionInput = {
      resumeText,
      mode,
      questionCount: count,
      followUps: mode === "PLANNED" ? followUps : null,
      locale,
      jobTitle: said("jobTitle"),
      companyName: said("companyName"),
      jobDescription: said("jobDescription"),
      forceCreate,
      // The first question is awaited on the page of the interview.
      wait: false,
    };
    setComplaints([]);
    setUnfinished(null);
    try {
      const result = (await create({ variables: { input } })).data?.createSession;
      if (result === undefined) return;
      if ("session" in result) {
        return result.reusedExisting ? setUnfinished(result.session.id) : go(sessionPath(result.session.id));
      }
      setComplaints("fields" in result ? result.fields.map((field) => field.message) : [result.message]);
    } catch {
      setComplaints([texts.failed]);
    }
  }

  /** What was complained of is being mended. */
  function changed(): void {
    if (complaints.length > 0) setComplaints([]);
  }

  function changeResume(text: string): void {
    setResumeText(text);
    changed();
  }

  function chooseMode(next: InterviewMode): void {
    setMode(next);
    setCount(next === "PLANNED" ? 5 : 8);
  }

  return (
    <form className="start" ref={formAt} onSubmit={submit} onChange={changed} noValidate>
      <div className="hero">
        <h1>{texts.tagline}</h1>
      </div>
      <div ref={complaintsAt} tabIndex={-1} className="complaints">
        {complaints.length > 0 && (
          <Notice tone="WRONG">
            <p>{texts.faults}</p>
            <ul>
              {complaints.map((complaint) => (
                <li key={complaint}>{complaint}</li>
              ))}
            </ul>
          </Notice>
        )}
        {unfinished !== null && (
          <Notice tone="CALM">
            <p>{texts.unfinished}</p>
            <div className="actions left">
              <button type="button" onClick={() => go(sessionPath(unfinished))}>
                {texts.goOn}
              </button>
              <button type="button" className="quiet" onClick={() => void begin(true)}>
                {texts.startOver}
              </button>
            </div>
          </Notice>
        )}
      </div>

      <ResumeField text={resumeText} onText={changeResume} />

      <section className="sheet">
        <h2>{texts.about}</h2>
        <div className="pair">
          <label className="field">
            <span>
              {texts.jobTitle} <small>{texts.optional}</small>
            </span>
            <input name="jobTitle" autoComplete="organization-title" />
          </label>
          <label className="field">
            <span>
              {texts.companyName} <small>{texts.optional}</small>
            </span>
            <input name="companyName" autoComplete="organization" />
          </label>
        </div>
        <div className="field">
          <label htmlFor="jobDescription">{texts.jobDescription}</label>
          <p id="jd-hint" className="hint">
            {texts.jobDescriptionHint}
          </p>
          <textarea id="jobDescription" name="jobDescription" rows={4} aria-describedby="jd-hint" />
        </div>
      </section>

      <section className="sheet">
        <h2>{texts.shape}</h2>
        <fieldset className="modes">
          <legend>{texts.mode}</legend>
          {(["PLANNED", "ADAPTIVE"] satisfies InterviewMode[]).map((option) => (
            <label key={option}>
              <input type="radio" name="mode" checked={mode === option} onChange={() => chooseMode(option)} />
              <span>
                <strong>{option === "PLANNED" ? texts.planned : texts.adaptive}</strong>
                <small>{option === "PLANNED" ? texts.plannedHint : texts.adaptiveHint}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="pair three">
          <label className="field">
            <span>{texts.questionCount}</span>
            <input
              type="number"
              name="questionCount"
              min={3}
              max={20}
              value={count}
              onChange={(event) => setCount(event.target.valueAsNumber || 0)}
            />
          </label>
          <label className="field">
            <span>{texts.followUps}</span>
            <select
              value={followUps}
              disabled={mode === "ADAPTIVE"}
              onChange={(event) => setFollowUps(Number(event.target.value))}
            >
              {[0, 1, 2].map((n) => (
                <option key={n} value={n}>
                  {n}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>{texts.locale}</span>
            <select value={locale} onChange={(event) => setLocale(event.target.value as Locale)}>
              <option value="EN" lang="en">
                English
              </option>
              <option value="ZH" lang="zh">
                中文
              </option>
            </select>
          </label>
        </div>
      </section>

      <div className="actions">
        <button type="submit" className="large" disabled={loading}>
          {loading ? texts.beginning : texts.begin}
        </button>
      </div>
    </form>
  );
}
