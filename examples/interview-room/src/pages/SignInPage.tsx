import { type FormEvent, useState } from "react";
import type { Api } from "../api/client.ts";
import { useSpeech } from "../i18n.tsx";
import { Notice } from "../parts/Notice.tsx";

export function SignInPage({ api }: { api: Api }) {
  const { texts } = useSpeech();
  const refused = api.token.value !== null;
  const [value, setValue] = useState("");

  function submit(event: FormEvent): void {
    event.preventDefault();
    api.token.signIn(value);
  }

  return (
    <form className="sheet narrow" onSubmit={submit}>
      <h1>{texts.signInTitle}</h1>
      <p>{texts.signInWhy}</p>
      {refused && <Notice tone="WRONG">{texts.signInRefused}</Notice>}
      <label className="field">
        <span>{texts.token}</span>
        <input
          type="password"
          name="token"
          autoComplete="off"
          required
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </label>
      <div className="actions">
        <button type="submit">{texts.signIn}</button>
      </div>
    </form>
  );
}
