import { cloneElement, type ReactElement, useEffect, useRef } from "react";
import styles from "./Tooltip.module.css";
import { usePopover } from "./usePopover";

type Child = ReactElement<{ ref?: React.Ref<HTMLElement> }>;

type TooltipProps = {
  text: string;
  /** One element that takes a ref. Its own name must say as much: the tooltip is not read out. */
  children: Child;
};

/** Milliseconds that the pointer rests before the tooltip shows. */
const REST = 400;

export function Tooltip({ text, children }: TooltipProps) {
  const { anchor, float, show, hide } = usePopover("top");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const outer = children.props.ref;

  useEffect(() => {
    const element = anchor.current;
    if (!element) return;
    const look = () => {
      // An open menu says more.
      if (element.getAttribute("aria-expanded") !== "true" || !element.hasAttribute("aria-haspopup")) show();
    };
    const later = () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(look, REST);
    };
    // A moment later: the focus may have come by a menu that is just closing, and one popover cannot open meanwhile.
    const soon = () => {
      clearTimeout(timer.current);
      if (element.matches(":focus-visible")) timer.current = setTimeout(look);
    };
    const leave = () => {
      clearTimeout(timer.current);
      hide();
    };
    element.addEventListener("pointerenter", later);
    element.addEventListener("focus", soon);
    for (const name of ["pointerleave", "blur", "pointerdown", "keydown"]) element.addEventListener(name, leave);
    return () => {
      clearTimeout(timer.current);
      element.removeEventListener("pointerenter", later);
      element.removeEventListener("focus", soon);
      for (const name of ["pointerleave", "blur", "pointerdown", "keydown"]) element.removeEventListener(name, leave);
    };
  }, [anchor, show, hide]);

  return (
    <>
      {cloneElement(children, {
        ref: (element: HTMLElement | null) => {
          anchor.current = element;
          if (typeof outer === "function") outer(element);
          else if (outer) outer.current = element;
        },
      })}
      <div ref={float} popover="manual" className={styles.tooltip} aria-hidden>
        {text}
      </div>
    </>
  );
}
