import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { meKey } from "@/api/account";
import { whenSignedOut } from "@/api/client";
import { queryClient } from "@/api/queryClient";
import { ToastProvider } from "@/ui/Toast";
import { router } from "./routes";
import "./styles/tokens.css";
import "./styles/base.css";

// The guard of the shell sees it and leads to the sign-in page.
whenSignedOut(() => queryClient.setQueryData(meKey, null));

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
);
