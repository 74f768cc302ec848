import "@reupload/react/styles.css";
import "./style.css";
import type { Metadata } from "next";
import type { ReactNode } from "react";

export const metadata: Metadata = { title: "Reupload with Next", description: "Uploads from the browser, straight to Reupload" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
