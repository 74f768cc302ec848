import { type ChangeEvent, useState } from "react";

type Faults<Values> = { [Name in keyof Values]?: string | undefined };

/**
 * The texts of a form. Faults show after the first try to send it, then with every change.
 * `control(name)` are the props of an input, `fault(name)` is the error of its field, `ready()` tells whether it may be sent.
 */
export function useFields<Values extends Record<string, string>>(
  start: Values,
  check: (values: Values) => Faults<Values>,
) {
  const [values, setValues] = useState(start);
  const [tried, setTried] = useState(false);
  const faults = check(values);
  return {
    values,
    set: (change: Partial<Values>) => setValues((all) => ({ ...all, ...change })),
    reset: () => {
      setValues(start);
      setTried(false);
    },
    control: (name: keyof Values & string) => ({
      name,
      value: values[name],
      onChange: (event: ChangeEvent<HTMLInputElement>) => setValues((all) => ({ ...all, [name]: event.target.value })),
    }),
    fault: (name: keyof Values) => (tried ? faults[name] : undefined),
    ready: () => {
      setTried(true);
      return Object.values(faults).every((fault) => fault === undefined);
    },
  };
}
