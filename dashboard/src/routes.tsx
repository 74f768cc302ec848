import type { ComponentType } from "react";
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { BrokenPage } from "./shell/BrokenPage";
import { Loading } from "./shell/Loading";

/** A page of its own chunk, loaded when it is first visited. */
const page = (path: string | undefined, load: () => Promise<{ default: ComponentType }>): RouteObject => ({
  ...(path === undefined ? { index: true as const } : { path }),
  lazy: async () => ({ Component: (await load()).default }),
});

const project: RouteObject[] = [
  // Of an address that somebody cut short.
  { index: true, element: <Navigate to="files" replace /> },
  page("files", () => import("./pages/files")),
  page("files/:file", () => import("./pages/file")),
  page("uploads", () => import("./pages/uploads")),
  page("webhooks", () => import("./pages/webhooks")),
  page("webhooks/:endpoint", () => import("./pages/webhook")),
  page("integrate", () => import("./pages/integrate")),
  page("settings", () => import("./pages/project-settings")),
];

const workspace: RouteObject[] = [
  page(undefined, () => import("./pages/overview")),
  page("projects", () => import("./pages/projects")),
  page("keys", () => import("./pages/keys")),
  page("usage", () => import("./pages/usage")),
  page("members", () => import("./pages/members")),
  page("audit", () => import("./pages/audit")),
  page("settings", () => import("./pages/workspace-settings")),
  { path: "p/:project", children: project },
];

export const routes: RouteObject[] = [
  {
    ErrorBoundary: BrokenPage,
    HydrateFallback: Loading,
    children: [
      page("sign-in", () => import("./pages/sign-in")),
      page("setup", () => import("./pages/setup")),
      page("join", () => import("./pages/join")),
      page("reset", () => import("./pages/reset")),
      {
        lazy: async () => ({ Component: (await import("./shell/SignedIn")).SignedIn }),
        children: [
          page(undefined, () => import("./pages/home")),
          {
            lazy: async () => ({ Component: (await import("./shell/Shell")).Shell }),
            children: [
              {
                ErrorBoundary: BrokenPage,
                lazy: async () => ({ Component: (await import("./uploads/UploadFrame")).UploadFrame }),
                children: [
                  { path: "w/:workspace", children: workspace },
                  page("account", () => import("./pages/account")),
                  page("system", () => import("./pages/system")),
                  page("sign-ins", () => import("./pages/sign-ins")),
                  page("dev/webhooks", () => import("./pages/inbox")),
                ],
              },
            ],
          },
        ],
      },
      // Development only: `npm run dev`, and the build that `npm run look` makes.
      ...(import.meta.env.DEV || import.meta.env.MODE === "look" ? [page("ui", () => import("./pages/ui"))] : []),
      page("*", () => import("./pages/not-found")),
    ],
  },
];

export const router = createBrowserRouter(routes);
