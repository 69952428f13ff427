import { ApolloProvider } from "@apollo/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { createApi } from "./api/client.ts";
import { createLanguage, LanguageProvider } from "./i18n.tsx";
import "./styles/base.css";
import "./styles/pages.css";

const language = createLanguage();
const api = createApi(language.get);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <LanguageProvider signal={language}>
      <ApolloProvider client={api.client}>
        <App api={api} />
      </ApolloProvider>
    </LanguageProvider>
  </StrictMode>,
);
