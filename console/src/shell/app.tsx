import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Component, Suspense, type ReactNode } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router-dom";
import { ApiProblem } from "../api/client";
import { Said } from "../controls/said";
import { Page } from "../parts/page";
import { Loading, Nothing, Trouble } from "../parts/states";
import { SignInPage } from "../session/sign_in_page";
import { useWho, WhoProvider } from "../session/session";
import { SettingsProvider, useWords } from "../theme/settings";
import { Frame } from "./frame";
import { homeOf, places } from "./places";

// A page that breaks says so, and leaves the rest standing.
class Guard extends Component<{ children: ReactNode }, { error: unknown }> {
  state = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  render() {
    if (this.state.error === null) return this.props.children;
    return <Trouble error={this.state.error} again={() => location.reload()} />;
  }
}

function NoPage() {
  const words = useWords();
  return (
    <Page title={words.shell.no_page_title}>
      <Nothing title={words.shell.no_page} />
    </Page>
  );
}

function Inside() {
  const who = useWho();
  if (who.state === "loading")
    return (
      <main className="alone">
        <Loading />
      </main>
    );
  if (who.state === "broken")
    return (
      <main className="alone">
        <Trouble error={who.error} again={who.again} />
      </main>
    );
  if (who.state === "out") return <SignInPage />;
  return (
    <Frame>
      <Suspense fallback={<Loading rows={8} />}>
        <Routes>
          {places
            .filter((place) => place.roles.includes(who.role))
            .map((place) => (
              <Route
                key={place.path}
                path={place.path}
                element={
                  <Guard key={place.path}>
                    <place.page />
                  </Guard>
                }
              />
            ))}
          <Route path="/" element={<Navigate to={homeOf[who.role]} replace />} />
          <Route path="/sign-in" element={<Navigate to={homeOf[who.role]} replace />} />
          <Route path="*" element={<NoPage />} />
        </Routes>
      </Suspense>
    </Frame>
  );
}

// What the server refuses stays refused; what did not answer is asked twice more.
const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && [0, 503].includes(error.status),
      refetchOnWindowFocus: false,
      networkMode: "always",
      staleTime: 2_000,
    },
    mutations: { networkMode: "always" },
  },
});

export function App() {
  return (
    <SettingsProvider>
      <QueryClientProvider client={client}>
        <BrowserRouter basename="/console" future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
          <div className="app">
            <WhoProvider>
              <Inside />
            </WhoProvider>
            <Said />
          </div>
        </BrowserRouter>
      </QueryClientProvider>
    </SettingsProvider>
  );
}
