import { Plus, Search, Trash2, Upload } from "lucide-react";
import { useState } from "react";
import {
  Avatar,
  Badge,
  Button,
  ButtonLink,
  Bytes,
  Card,
  Checkbox,
  DefinitionList,
  Field,
  IconButton,
  Input,
  Notice,
  Progress,
  Segmented,
  Select,
  SkeletonText,
  StatusDot,
  Textarea,
  Time,
  type Tone,
} from "@/ui";
import styles from "./ui.module.css";

const TONES: Tone[] = ["grey", "blue", "green", "amber", "red"];
const VARIANTS = ["primary", "secondary", "quiet", "danger"] as const;

export function Basics() {
  const [view, setView] = useState<"list" | "grid">("list");
  return (
    <>
      <Card title="Buttons">
        <div className={styles.stack}>
          {VARIANTS.map((variant) => (
            <div key={variant} className={styles.row}>
              <Button variant={variant}>{variant}</Button>
              <Button variant={variant} icon={Upload}>
                With icon
              </Button>
              <Button variant={variant} busy>
                Busy
              </Button>
              <Button variant={variant} disabled>
                Disabled
              </Button>
              <Button variant={variant} size="small" icon={Plus}>
                Small
              </Button>
            </div>
          ))}
          <div className={styles.row}>
            <ButtonLink to="/ui">A link</ButtonLink>
            <IconButton icon={Trash2} label="Delete" />
            <IconButton icon={Plus} label="Add" size="small" />
            <IconButton icon={Plus} label="Add nothing" disabled />
          </div>
        </div>
      </Card>
      <Card title="Fields" description="Label, hint and error belong to the control by id.">
        <div className={styles.grid}>
          <Field label="Name" hint="People in the workspace see it.">
            <Input defaultValue="Customer portal" />
          </Field>
          <Field label="E-mail" error="Write it as name@example.com.">
            <Input type="email" defaultValue="ada@" />
          </Field>
          <Field label="Search" hideLabel>
            <Input icon={Search} type="search" placeholder="Search files" />
          </Field>
          <Field label="Origin" optional>
            <Input mono placeholder="https://app.example.com" />
          </Field>
          <Field label="Role">
            <Select defaultValue="member">
              <option value="viewer">Viewer</option>
              <option value="member">Member</option>
            </Select>
          </Field>
          <Field label="Not yours to change">
            <Input disabled defaultValue="0197c1aa-0000" />
          </Field>
          <Field label="Note">
            <Textarea rows={3} placeholder="Anything" />
          </Field>
          <div className={styles.stack}>
            <Checkbox label="Allow every type" hint="Other limits still hold." defaultChecked />
            <Checkbox label="Some of them" indeterminate />
            <Checkbox label="Not now" disabled />
            <Checkbox label="One" radio name="radio" defaultChecked />
            <Checkbox label="Or the other" radio name="radio" />
          </div>
          <div>
            <Segmented
              label="View"
              value={view}
              onChange={setView}
              options={[
                { value: "list", label: "List" },
                { value: "grid", label: "Grid" },
              ]}
            />
          </div>
        </div>
      </Card>
      <Card title="Words with a meaning">
        <div className={styles.stack}>
          <div className={styles.row}>
            {TONES.map((tone) => (
              <Badge key={tone} tone={tone}>
                {tone}
              </Badge>
            ))}
          </div>
          <div className={styles.row}>
            {TONES.map((tone) => (
              <StatusDot key={tone} tone={tone} pulse={tone === "blue"}>
                {tone}
              </StatusDot>
            ))}
          </div>
          <div className={styles.row}>
            {["Ada Byron", "Grace Hopper", "mary@example.com", "Katherine Johnson", "Übung", "Zoë"].map((name) => (
              <Avatar key={name} name={name} />
            ))}
            <Avatar name="Northwind Studio" square size={40} />
          </div>
          <Notice>The scanner is being updated.</Notice>
          <Notice tone="green">The endpoint answered with 200.</Notice>
          <Notice tone="amber" action={<Button size="small">Raise it</Button>}>
            86 % of the storage is used.
          </Notice>
          <Notice tone="red">The server cannot be reached. Check the connection and try again.</Notice>
        </div>
      </Card>
      <Card title="Values">
        <div className={styles.grid}>
          <DefinitionList
            items={[
              ["Size", <Bytes key="size" value={1_254_000} />],
              ["Created", <Time key="time" at={new Date(Date.now() - 4_000_000).toISOString()} />],
              ["Checksum", <code key="sha">9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08</code>],
            ]}
          />
          <div className={styles.stack}>
            <Progress label="Upload" value={0.42} />
            <Progress label="Stored" value={0.9} tone="amber" />
            <Progress label="Working" value={null} />
            <SkeletonText />
          </div>
        </div>
      </Card>
    </>
  );
}
