import { originHint, splitList } from "@/lib/origins";
import { Card, ListInput } from "@/ui";
import type { SectionProps } from "./SettingsForm";

export function Browsers({ draft, disabled, set }: SectionProps) {
  return (
    <Card
      title="Uploads from browsers"
      description="Web pages that may send files straight to this server. Uploads through your own server need none."
    >
      <ListInput
        label="Allowed origins (CORS)"
        noun="origin"
        placeholder="https://app.example.com"
        hint={
          <>
            Scheme, host and port, as in the address bar and without a path. <code>example.com</code> and{" "}
            <code>www.example.com</code> are two origins, and so are <code>localhost</code> and <code>127.0.0.1</code>.
            For development, <code>http://localhost:*</code> stands for every port.
          </>
        }
        values={draft.uploadCorsOrigins}
        disabled={disabled}
        onChange={(uploadCorsOrigins) => set({ uploadCorsOrigins })}
        check={originHint}
        split={splitList}
      />
    </Card>
  );
}
