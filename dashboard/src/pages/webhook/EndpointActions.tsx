import { Ellipsis, KeyRound, Pause, Pencil, Play, RotateCw, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useSendTest } from "@/api/deliveries";
import { errorText } from "@/api/error";
import { type Endpoint, useDeleteEndpoint, useUpdateEndpoint } from "@/api/webhooks";
import { useWorkspace } from "@/shell/workspace";
import { Button, ConfirmDialog, IconButton, Menu, MenuItem, MenuLine, useToast } from "@/ui";
import { EndpointForm } from "../webhooks/EndpointForm";
import { toDraft, toInput } from "../webhooks/endpointDraft";
import { shortUrl } from "../webhooks/endpointState";
import { RecoverDialog } from "./RecoverDialog";
import { RotateSecret } from "./RotateSecret";

type Open = "edit" | "rotate" | "recover" | "disable" | "delete";

/** Everything that can be done to an endpoint. */
export function EndpointActions({ endpoint, listUrl }: { endpoint: Endpoint; listUrl: string }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const toast = useToast();
  const test = useSendTest(workspace.id, endpoint.id);
  const update = useUpdateEndpoint(workspace.id, endpoint.id);
  const remove = useDeleteEndpoint(workspace.id, endpoint.id);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const isDisabled = endpoint.disabledAt !== null;
  const failed = (error: unknown) => toast(errorText(error), { tone: "error" });

  const enable = () => update.mutateAsync({ enabled: true }).then(() => toast("Endpoint enabled"), failed);
  const sendTest = () =>
    test.mutateAsync("file.uploaded").then(() => toast("A test event is on its way. It is in the list below."), failed);

  return (
    <>
      <Button variant="primary" icon={Send} busy={test.isPending} disabled={isDisabled} onClick={sendTest}>
        Send test event
      </Button>
      <Menu label="More actions" trigger={(props) => <IconButton {...props} icon={Ellipsis} label="More actions" />}>
        <MenuItem
          icon={Pencil}
          onSelect={() => {
            // What was refused before is no error of this form.
            update.reset();
            setOpen("edit");
          }}
        >
          Edit
        </MenuItem>
        <MenuItem icon={KeyRound} onSelect={() => setOpen("rotate")}>
          Change the signing secret
        </MenuItem>
        <MenuItem icon={RotateCw} onSelect={() => setOpen("recover")}>
          Send again what failed
        </MenuItem>
        {isDisabled ? (
          <MenuItem icon={Play} onSelect={enable}>
            Enable
          </MenuItem>
        ) : (
          <MenuItem icon={Pause} onSelect={() => setOpen("disable")}>
            Disable
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem icon={Trash2} danger onSelect={() => setOpen("delete")}>
          Delete
        </MenuItem>
      </Menu>

      {open === "edit" && (
        <EndpointForm
          title="Edit the endpoint"
          action="Save"
          first={toDraft(endpoint)}
          headers={endpoint.headerNames}
          busy={update.isPending}
          error={update.error}
          onClose={close}
          onSubmit={(draft) =>
            update.mutateAsync(toInput(draft)).then(
              () => {
                close();
                toast("Endpoint saved");
              },
              () => {},
            )
          }
        />
      )}
      {open === "rotate" && <RotateSecret endpoint={endpoint} onClose={close} />}
      <RecoverDialog endpoint={endpoint} open={open === "recover"} onClose={close} />
      <ConfirmDialog
        open={open === "disable"}
        onClose={close}
        title="Disable this endpoint?"
        action="Disable"
        onConfirm={() => update.mutateAsync({ enabled: false })}
      >
        It is sent nothing until you enable it. Events that come meanwhile can be sent afterwards.
      </ConfirmDialog>
      <ConfirmDialog
        open={open === "delete"}
        onClose={close}
        title="Delete this endpoint?"
        action="Delete endpoint"
        typed={shortUrl(endpoint.url)}
        onConfirm={async () => {
          await remove.mutateAsync(undefined);
          toast("Endpoint deleted");
          navigate(listUrl, { replace: true });
        }}
      >
        Its secret and the log of its deliveries go too. What still waits to be sent is given up.
      </ConfirmDialog>
    </>
  );
}
