import { useApolloClient, useQuery } from "@apollo/client/react";
import { type ClipboardEvent, useId, useState } from "react";
import { CreateResume, Resumes } from "../api/operations.ts";
import { withFile } from "../api/upload.ts";
import { useSpeech } from "../i18n.tsx";
import { Notice } from "./Notice.tsx";
import { useFileDrop } from "./useFileDrop.ts";

const maxFileBytes = 5 * 1024 * 1024;

type Reading = { kind: "READING" | "READ"; name: string } | { kind: "FAILED"; why: string } | null;

interface ResumeFieldProps {
  text: string;
  onText(text: string): void;
}

/** A résumé: pasted or written, read from a file that is chosen, dropped or pasted, or one used before. */
export function ResumeField({ text, onText }: ResumeFieldProps) {
  const { texts } = useSpeech();
  const client = useApolloClient();
  const { data } = useQuery(Resumes, { fetchPolicy: "cache-and-network" });
  const resumes = data?.viewer.resumes.edges.flatMap((edge) => (edge ? [edge.node] : [])) ?? [];
  const [reading, setReading] = useState<Reading>(null);
  const hovers = useFileDrop((file) => void read(file));
  const id = useId();

  /** The server reads it: what is shown afterwards is what the interviewer will see. */
  async function read(file: File | undefined): Promise<void> {
    if (!file) return;
    if (file.size > maxFileBytes) return setReading({ kind: "FAILED", why: texts.fileTooLarge });
    setReading({ kind: "READING", name: file.name });
    try {
      const { data } = await client.mutate({
        mutation: CreateResume,
        variables: { input: { file: null } },
        context: withFile(file),
      });
      const result = data!.createResume;
      if ("resume" in result) {
        onText(result.resume.text);
        setReading({ kind: "READ", name: file.name });
        await client.refetchQueries({ include: [Resumes] });
        return;
      }
      setReading({ kind: "FAILED", why: "fields" in result ? said(result.fields) : result.message });
    } catch {
      setReading({ kind: "FAILED", why: texts.fileNotSent });
    }
  }

  /** What is copied out of a word processor has its text, and a picture of it as a file. */
  function paste(event: ClipboardEvent): void {
    const { files, types } = event.clipboardData;
    if (files.length === 0 || types.includes("text/plain")) return;
    event.preventDefault();
    void read(files[0]);
  }

  return (
    <section className={hovers ? "sheet drop-zone dragged" : "sheet drop-zone"}>
      <div className="field">
        <label htmlFor="resume">
          <h2>{texts.resume}</h2>
        </label>
        <p id={`${id}-hint`} className="hint">
          {texts.resumeHint}
        </p>
        <textarea
          id="resume"
          name="resumeText"
          rows={12}
          aria-describedby={`${id}-hint ${id}-file`}
          placeholder={texts.resumePlaceholder}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onPaste={paste}
        />
      </div>
      <div id={`${id}-file`}>
        {reading?.kind === "FAILED" && <Notice tone="WRONG">{reading.why}</Notice>}
        <p className="hint file-state" role="status">
          {reading?.kind === "READING" && texts.fileReading(reading.name)}
          {reading?.kind === "READ" && texts.fileRead(reading.name)}
        </p>
      </div>
      <div className="row">
        <label className="button quiet">
          {texts.chooseFile}
          <input
            type="file"
            className="unseen"
            accept=".pdf,.docx,.md,.markdown,.txt,.text"
            disabled={reading?.kind === "READING"}
            onChange={(event) => {
              void read(event.target.files?.[0]);
              // The same file may be chosen again, for instance after it was mended.
              event.target.value = "";
            }}
          />
        </label>
        {resumes.length > 0 && (
          <label className="inline">
            <span>{texts.earlierResume}</span>
            <select
              value={resumes.find((resume) => resume.text === text)?.id ?? ""}
              onChange={(event) => onText(resumes.find((resume) => resume.id === event.target.value)?.text ?? "")}
            >
              <option value="">{texts.earlierResumeNone}</option>
              {resumes.map((resume) => (
                <option key={resume.id} value={resume.id}>
                  {firstLine(resume.text)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
    </section>
  );
}

function said(fields: readonly { message: string }[]): string {
  return fields.map((field) => field.message).join(" ");
}

function firstLine(text: string): string {
  const line =
    text
      .split("\n")
      .map((part) => part.trim())
      .find((part) => part !== "") ?? "";
  return line.length > 48 ? `${line.slice(0, 47)}…` : line;
}
