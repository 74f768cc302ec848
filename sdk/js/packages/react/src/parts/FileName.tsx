/** A name that loses its middle and never its ending when there is no room for it. */
export function FileName({ name }: { readonly name: string }) {
  const dot = name.lastIndexOf(".");
  const cut = dot > 0 && name.length - dot <= 10 ? Math.max(dot - 4, 0) : name.length;
  return (
    <bdi className="reupload-name" title={name}>
      <span className="reupload-name-start">{name.slice(0, cut)}</span>
      <span className="reupload-name-end">{name.slice(cut)}</span>
    </bdi>
  );
}
