import { Dialog, type DialogProps } from "./Dialog";

/** Details along the right edge; everything else as in `Dialog`. */
export const SidePanel = (props: Omit<DialogProps, "size">) => <Dialog {...props} size="side" />;
