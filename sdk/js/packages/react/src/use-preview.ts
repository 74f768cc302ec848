import { useEffect, useState } from "react";

/** An address to show an image file by, before and without any upload; null for other files. Freed when it is not needed. */
export function usePreview(file: File | null): string | null {
  const image = file?.type.startsWith("image/") ? file : null;
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (image === null) return;
    const made = URL.createObjectURL(image);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [image]);
  return url;
}
