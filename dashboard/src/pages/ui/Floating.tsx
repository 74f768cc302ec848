import { Copy, EllipsisVertical, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import {
  Button,
  Card,
  ConfirmDialog,
  DefinitionList,
  Dialog,
  Field,
  FieldStack,
  IconButton,
  Input,
  Menu,
  MenuHeading,
  MenuItem,
  MenuLine,
  SidePanel,
  Tooltip,
  useToast,
} from "@/ui";
import styles from "./ui.module.css";

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export function Floating() {
  const toast = useToast();
  const [open, setOpen] = useState<"dialog" | "confirm" | "typed" | "panel">();
  const close = () => setOpen(undefined);
  return (
    <Card title="What floats">
      <div className={styles.row}>
        <Button onClick={() => setOpen("dialog")}>Open dialog</Button>
        <Button onClick={() => setOpen("confirm")}>Ask</Button>
        <Button onClick={() => setOpen("typed")}>Ask by name</Button>
        <Button onClick={() => setOpen("panel")}>Open panel</Button>
        <Button onClick={() => toast("3 files deleted")}>Toast</Button>
        <Button onClick={() => toast("The files could not be deleted.", { tone: "error" })}>Error toast</Button>
        <Tooltip text="A tooltip says a little more">
          <Button>Rest here</Button>
        </Tooltip>
        <Menu
          label="File actions"
          placement="bottom-start"
          trigger={(props) => <IconButton {...props} icon={EllipsisVertical} label="File actions" />}
        >
          <MenuHeading>invoice.pdf</MenuHeading>
          <MenuItem icon={Pencil} onSelect={() => toast("Rename chosen")}>
            Rename
          </MenuItem>
          <MenuItem icon={Copy} onSelect={() => toast("Copy chosen")}>
            Copy link
          </MenuItem>
          <MenuItem onSelect={() => {}} disabled>
            Move
          </MenuItem>
          <MenuLine />
          <MenuItem icon={Trash2} danger onSelect={() => setOpen("confirm")}>
            Delete
          </MenuItem>
        </Menu>
      </div>
      <Dialog
        open={open === "dialog"}
        onClose={close}
        title="New project"
        description="A project has its own limits, origins and webhooks."
        onSubmit={close}
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="primary">
              Create project
            </Button>
          </>
        }
      >
        <FieldStack>
          <Field label="Name">
            <Input placeholder="Customer portal" />
          </Field>
          <Field label="Origin" optional hint="Where browsers upload from.">
            <Input mono placeholder="https://app.example.com" />
          </Field>
        </FieldStack>
      </Dialog>
      <ConfirmDialog
        open={open === "confirm"}
        onClose={close}
        title="Delete 3 files?"
        action="Delete files"
        onConfirm={() => wait(600)}
      >
        Their links stop working at once. This cannot be undone.
      </ConfirmDialog>
      <ConfirmDialog
        open={open === "typed"}
        onClose={close}
        title="Delete the project?"
        action="Delete project"
        typed="Customer portal"
        onConfirm={() => wait(600)}
      >
        All 1,204 files of <strong>Customer portal</strong> go with it. This cannot be undone.
      </ConfirmDialog>
      <SidePanel open={open === "panel"} onClose={close} title="invoice.pdf">
        <DefinitionList
          items={[
            ["Type", "application/pdf"],
            ["Size", "1.25 MB"],
          ]}
        />
      </SidePanel>
    </Card>
  );
}
