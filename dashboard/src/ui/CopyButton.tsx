import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { useToast } from "./Toast";

type CopyButtonProps = {
  value: string;
  /** What is copied, for its name: `Copy key`. */
  label?: string;
  /** With its label in sight. */
  wide?: boolean;
  /** The one thing to do on this view. */
  primary?: boolean;
};

/** Copies `value` and shows a tick for two seconds. */
export function CopyButton({ value, label = "Copy", wide, primary }: CopyButtonProps) {
  const toast = useToast();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Outside https and loopback there is no clipboard to write to.
      toast("The browser does not allow copying here. Select the text and copy it.", { tone: "error" });
    }
  };

  const name = copied ? "Copied" : label;
  const icon = copied ? Check : Copy;
  return (
    <>
      {wide ? (
        <Button variant={primary ? "primary" : "secondary"} icon={icon} onClick={copy}>
          {name}
        </Button>
      ) : (
        <IconButton icon={icon} label={name} size="small" onClick={copy} />
      )}
      <span className="unseen" role="status">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
